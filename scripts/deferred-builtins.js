/** Parts of Node that many starts have no use for, though something they load names them. */
const DEFERRED = new Set([
  'child_process',
  'crypto',
  'dns/promises',
  'fs/promises',
  'perf_hooks',
  'readline',
  'stream/consumers',
  'stream/promises',
  'timers/promises',
  'tls',
])

/** How esbuild writes an import of a part of Node, by name or as the default, and what it is called there. */
const IMPORT =
  /\b(import_\w+)=(?:require\("(?:node:)?([\w/]+)"\)|__toESM\(require\("(?:node:)?([\w/]+)"\)\))/g
const USE = /\b(import_\w+)(\s*\.\s*default\b)?/g

/**
 * Lets Node load these parts of itself where they are used, instead of at the start: each takes half a millisecond to
 * two. And the default import of a part is that part, not a copy.
 */
export function withDeferredBuiltins(text) {
  const parts = new Map()
  const without = text.replace(IMPORT, (_, name, byName, asDefault) => {
    const part = byName ?? asDefault
    parts.set(name, DEFERRED.has(part) ? `require("node:${part}")` : `node_${name}`)
    return DEFERRED.has(part) ? '$deferred' : `node_${name}=require("node:${part}")`
  })
  return without.replace(USE, (use, name) => parts.get(name) ?? use)
}
