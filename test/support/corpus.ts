import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { TransactionMode } from '../../src/revision/revision.ts'

/** A copy of the corpus whose revisions can be applied one after the other. */
export interface Corpus {
  readonly folder: string
  /** In the order of their creation. */
  readonly revisions: readonly CorpusRevision[]
}

interface CorpusRevision {
  readonly id: string
  readonly transaction: TransactionMode
  /** Names of files in the folder. */
  readonly up: string
  readonly down: string
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
  return { folder, revisions: chainByCreation(folder) }
}

function chainByCreation(folder: string): CorpusRevision[] {
  const scripts = readdirSync(folder)
    .filter(name => name.endsWith('.up.sql'))
    .sort()
    .map(up => ({ up, text: readFileSync(join(folder, up), 'utf8') }))
    .sort((one, other) => createdIn(one.text).localeCompare(createdIn(other.text)))
  return scripts.map(({ up, text }, index) => {
    const parent = scripts[index - 1]
    const parents = parent ? headerValue(parent.text, 'revision') : 'none'
    writeFileSync(join(folder, up), text.replace(/^-- parents: .*$/m, `-- parents: ${parents}`))
    return {
      id: headerValue(text, 'revision'),
      transaction: headerValue(text, 'transaction') === 'off' ? 'off' : 'on',
      up,
      down: up.replace(/\.up\.sql$/, '.down.sql'),
    }
  })
}

function createdIn(text: string): string {
  return headerValue(text, 'created')
}

function headerValue(text: string, key: string): string {
  return new RegExp(`^-- ${key}: (.*)$`, 'm').exec(text)?.[1] ?? ''
}
