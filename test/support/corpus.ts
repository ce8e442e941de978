import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'

/** A copy of the corpus whose revisions can be applied one after the other. */
export interface Corpus {
  readonly folder: string
  /** The up scripts as they are to be run, `created` order. */
  readonly upFiles: readonly string[]
}

/**
 * Copies the corpus to a folder of the test's own, each revision upon the one created before it: as it lies there,
 * some stand before what they need. Where there is none, the test passes with a line that says so.
 */
export function copyCorpus(t: ExecutionContext): Corpus | undefined {
  const corpus = join(process.env['SQLBRAID_CORPORA'] ?? join('..', 'shared', 'corpora'), 'crates.io')
  if (!existsSync(corpus)) {
    t.log(`skipped: there is no corpus in ${corpus}`)
    t.pass()
    return undefined
  }
  const folder = mkdtempSync(join(tmpdir(), 'sqlbraid-corpus-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(corpus, folder, { recursive: true })
  return { folder, upFiles: chainByCreation(folder) }
}

function chainByCreation(folder: string): string[] {
  const scripts = readdirSync(folder)
    .filter(name => name.endsWith('.up.sql'))
    .sort()
    .map(name => {
      const file = join(folder, name)
      const text = readFileSync(file, 'utf8')
      return { file, text, created: headerValue(text, 'created'), id: headerValue(text, 'revision') }
    })
    .sort((one, other) => one.created.localeCompare(other.created))
  for (const [index, { file, text }] of scripts.entries()) {
    const parent = scripts[index - 1]?.id ?? 'none'
    writeFileSync(file, text.replace(/^-- parents: .*$/m, `-- parents: ${parent}`))
  }
  return scripts.map(({ file }) => file)
}

function headerValue(text: string, key: string): string {
  return new RegExp(`^-- ${key}: (.*)$`, 'm').exec(text)?.[1] ?? ''
}
