import { readFileSync } from 'node:fs'

/** What oclif asks for at each start, although it is only for a Windows that runs Linux. */
const NO_WSL = `
  export const isWsl = false
  export const powerShellPath = () => { throw new Error('PowerShell is not looked for.') }`

/**
 * Libraries that few starts need, those of oclif among them: they go to files of their own, read when they are first
 * used. And what no start needs is left out.
 */
export function deferredLibraries() {
  const found = new Map()
  const file = name => `../vendor/${name}.cjs`
  return {
    /** Entry points by their output. */
    found: () => Object.fromEntries(found),
    /** How the bundle calls the library that `path` is. */
    defer: (name, path) => {
      found.set(name, path)
      return { path: file(name), external: true }
    },
    plugin: {
      name: 'deferred libraries',
      setup(bundle) {
        bundle.onResolve({ filter: /^\.\.\/vendor\// }, ({ path }) => ({ path, external: true }))
        bundle.onResolve({ filter: /^glob$/ }, async ({ kind, resolveDir }) => {
          if (kind === 'require-call') return
          const { path } = await bundle.resolve('glob', { kind: 'require-call', resolveDir })
          found.set('glob', path)
          return { path: 'glob', namespace: 'deferred' }
        })
        bundle.onLoad({ filter: /^glob$/, namespace: 'deferred' }, () => ({
          contents: `export const globSync = (...given) => require('${file('glob')}').globSync(...given)`,
        }))
        bundle.onResolve({ filter: /^wsl-utils$/ }, ({ path }) => ({ path, namespace: 'no-wsl' }))
        bundle.onLoad({ filter: /.*/, namespace: 'no-wsl' }, () => ({ contents: NO_WSL }))
      },
    },
  }
}

/** Small, and used by every start; TypeScript is looked for and never there. */
const STAY = /^(node:|ansis$|get-package-type$|typescript$|@oclif\/)/
const OCLIF = /@oclif[/\\]core[/\\]lib[/\\].*\.js$/
const TOP_LEVEL_REQUIRE = /^(?:const|var) (\w+_\d+) = (.*\brequire\(.*\).*);$/gm

/**
 * Lets the modules of oclif load each other when they first use each other: as they are written, every start would
 * evaluate all of them, help, parser, plugins and their libraries.
 */
export function lazyOclif({ defer }) {
  return {
    name: 'lazy oclif',
    setup(bundle) {
      bundle.onLoad({ filter: OCLIF }, ({ path }) => ({
        contents: withLazyRequires(withPlainReading(withPlainOrder(readFileSync(path, 'utf8')))),
      }))
      bundle.onResolve({ filter: /^[a-z@]/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
        const isOurs = kind === 'require-call' && OCLIF.test(importer) && !STAY.test(path)
        if (!isOurs || pluginData === 'resolving') return
        const library = await bundle.resolve(path, { kind, importer, resolveDir, pluginData: 'resolving' })
        return library.external ? library : defer(path, library.path)
      })
    },
  }
}

/** TypeScript's output for CommonJS names what it requires `name_1`, and uses it as `name_1.something` only. */
function withLazyRequires(text) {
  const getters = new Map()
  const without = text.replace(TOP_LEVEL_REQUIRE, (_, name, value) => {
    getters.set(name, `get ${name}() { return ${value} }`)
    return ''
  })
  const used = without.replace(/\b\w+_\d+\b/g, name => (getters.has(name) ? `$required.${name}` : name))
  return `const $required = { ${[...getters.values()].join(', ')} };\n${used}`
}

/** Reading its manifest is all that a start would load Node's promises of files for, and its pool of threads. */
function withPlainReading(text) {
  return text.replaceAll('(0, promises_1.readFile)(', 'require("node:fs").readFileSync(')
}

/** Sorting the commands by the rules of a language would load those rules; the names of commands need none. */
function withPlainOrder(text) {
  return text.replace(/([\w.]+)\.localeCompare\(([\w.]+)\)/g, '($1 === $2 ? 0 : $1 < $2 ? -1 : 1)')
}
