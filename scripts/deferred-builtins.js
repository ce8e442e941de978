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

/** How esbuild writes an import of a part of Node: of what it exports by name, or of all of it as the default. */
const IMPORT =
  /\b(import_\w+)=(?:require\("(?:node:)?([\w/]+)"\)|__toESM\(require\("(?:node:)?([\w/]+)"\)\))/g
const USE = /\b(import_\w+)(?:\.\s*default)?\.(?!default\b)/g

/**
 * Lets Node load these parts of itself where they are used, instead of at the start: each takes half a millisecond to
 * two. And the default import of a part is that part, not a copy.
 */
export function withDeferredBuiltins(text) {
  const deferred = new Map()
  const without = text.replace(IMPORT, (whole, name, byName, asDefault) => {
    const part = byName ?? asDefault
    if (!DEFERRED.has(part)) return whole
    deferred.set(name, part)
    return name
  })
  return without.replace(USE, (use, name) =>
    deferred.has(name) ? `require("node:${deferred.get(name)}").` : use,
  )
}
