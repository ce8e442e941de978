import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { build } from 'esbuild'
import { withDeferredBuiltins } from './deferred-builtins.js'

const HERE = '__here'
const CHUNK = 'chunk'

/**
 * Links the chunks that esbuild has split the bundle into. It makes one of whatever the same entry points need, so that
 * thirty commands give a hundred small files, and opening one takes a start a third of a millisecond. What is loaded
 * together goes into one file here, where it also calls each other without a detour.
 *
 * And all becomes CommonJS, which Node loads faster: it starts no second loader for it. esbuild splits modules only.
 *
 * `packs` are the files by their names, each with the sources that must find there all that they load, in the order in
 * which they are loaded: a pack leaves out what lies in one before it.
 */
export function linkChunks({ packs, options }) {
  return {
    name: 'link chunks',
    setup(bundle) {
      bundle.onEnd(async ({ metafile, outputFiles }) => {
        const { absWorkingDir } = bundle.initialOptions
        const texts = new Map(outputFiles.map(({ path, text }) => [relative(absWorkingDir, path), text]))
        const packOf = packChunks(packs, metafile.outputs)
        const { outputFiles: linked } = await build({
          ...options,
          entryPoints: entryPoints([...texts.keys()], packOf),
          outdir: absWorkingDir,
          write: false,
          format: 'cjs',
          define: { 'import.meta.url': HERE },
          banner: { js: `"use strict";var ${HERE}=require("node:url").pathToFileURL(__filename).href;` },
          plugins: [linker(texts, packOf)],
        })
        for (const { path, text } of linked) {
          mkdirSync(dirname(path), { recursive: true })
          writeFileSync(path, asAscii(withDeferredBuiltins(asRequires(text))))
        }
      })
    },
  }
}

/** The path of the pack that each chunk goes to. Commands stay files of their own: oclif looks for them. */
function packChunks(packs, outputs) {
  const packOf = new Map()
  for (const [pack, sources] of Object.entries(packs)) {
    const chunks = Object.keys(outputs).filter(path => sources.includes(outputs[path].entryPoint))
    const loaded = new Set(chunks)
    for (const chunk of loaded)
      for (const { path, kind } of outputs[chunk].imports)
        if (kind === 'import-statement' && outputs[path]) loaded.add(path)
    for (const chunk of loaded)
      if (basename(dirname(chunk)) === 'chunks' && !packOf.has(chunk))
        packOf.set(chunk, join(dirname(chunk), `${pack}.js`))
  }
  return packOf
}

function entryPoints(chunks, packOf) {
  const outputs = new Set(chunks.map(chunk => packOf.get(chunk) ?? chunk))
  return [...outputs].map(path => ({ in: `${CHUNK}:${path}`, out: path.replace(/\.js$/, '') }))
}

function linker(texts, packOf) {
  const packs = new Set(packOf.values())
  return {
    name: 'linker',
    setup(bundle) {
      bundle.onResolve({ filter: /^chunk:/ }, ({ path }) => {
        const output = path.slice(CHUNK.length + 1)
        return { path: output, namespace: packs.has(output) ? 'pack' : CHUNK }
      })
      bundle.onResolve({ filter: /.*/ }, ({ path, importer, kind, namespace }) => {
        if (!path.startsWith('.')) return { path, external: true }
        const chunk = join(dirname(importer), path)
        const pack = packOf.get(chunk)
        const own = namespace === 'pack' ? importer : packOf.get(importer)
        if (pack === undefined) return { path, external: true }
        if (pack === own && kind === 'import-statement') return { path: chunk, namespace: CHUNK }
        return {
          path: `${path.slice(0, path.lastIndexOf('/'))}/${basename(pack)}#${nameOf(chunk)}`,
          external: true,
        }
      })
      bundle.onLoad({ filter: /.*/, namespace: CHUNK }, ({ path }) => ({ contents: texts.get(path) }))
      bundle.onLoad({ filter: /.*/, namespace: 'pack' }, ({ path }) => {
        const chunks = [...packOf.keys()].filter(chunk => packOf.get(chunk) === path)
        return {
          contents: chunks
            .map(chunk => `export * as ${nameOf(chunk)} from "./${basename(chunk)}"`)
            .join('\n'),
        }
      })
    },
  }
}

const REFERENCE = /\b(require|import)\("(\.[^"#]+)(?:#([^"]+))?"\)/g

/** Also for chunks that are loaded later, `require` does; and of a pack only the chunk is wanted. */
function asRequires(text) {
  return text.replace(REFERENCE, (_, how, file, name) => {
    const required = `require("${file}")${name ? `.${name}` : ''}`
    return how === 'require' ? required : `Promise.resolve().then(()=>${required})`
  })
}

/** Node reads what is ASCII throughout in two thirds of the time; esbuild leaves patterns as they are. */
function asAscii(text) {
  return text.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** What a pack calls a chunk that lies in it. */
function nameOf(chunk) {
  return `$${basename(chunk, '.js')}`
}
