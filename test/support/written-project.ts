import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { readSettings, type Settings, type SettingsFlags } from '../../src/settings/settings.ts'

/** What a test writes of a revision; a plain text is its up script. */
export type WrittenRevision = string | WrittenParts

interface WrittenParts {
  readonly up: string
  readonly down?: string
  readonly verify?: string
  /** Default: the revision written before; none for the first. */
  readonly parents?: readonly string[]
  readonly message?: string
  /** What its files are called; default: its id. */
  readonly stem?: string
  /** Further header lines of all parts: `labels: billing`, `transaction: off`. */
  readonly header?: string
}

/** A folder with a history in it, and the settings to run it. */
export interface WrittenProject {
  readonly settings: Settings
  /** Adds revisions or writes them anew. */
  readonly write: (revisions: Readonly<Record<string, WrittenRevision>>) => void
  /** Deletes the files called `stem`. */
  readonly remove: (stem: string) => void
  /** Where `text` first stands in a file: the line and column, as errors name them. */
  readonly find: (
    file: string,
    text: string,
  ) => { readonly file: string; readonly line: number; readonly column: number }
}

/** Writes revisions in their order, one upon the other unless they name their parents. */
export function writeProject(
  t: ExecutionContext,
  url: string,
  revisions: Readonly<Record<string, WrittenRevision>>,
  values: NonNullable<SettingsFlags['values']> = {},
): WrittenProject {
  const root = mkdtempSync(join(tmpdir(), 'sqlbraid-project-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  const folder = join(root, 'migrations')
  mkdirSync(folder)
  const order: string[] = []
  const write: WrittenProject['write'] = added => {
    for (const [id, revision] of Object.entries(added)) {
      if (!order.includes(id)) order.push(id)
      writeRevision(folder, id, order, typeof revision === 'string' ? { up: revision } : revision)
    }
  }
  write(revisions)
  return {
    settings: readSettings({ url, values }, { cwd: root, env: {} }),
    write,
    remove: stem => {
      for (const part of PARTS) rmSync(join(folder, `${stem}.${part}.sql`), { force: true })
    },
    find: (name, text) => {
      const file = join(folder, name)
      const before = readFileSync(file, 'utf8').split(text)[0] ?? ''
      return {
        file,
        line: before.split('\n').length,
        column: before.length - before.lastIndexOf('\n'),
      }
    },
  }
}

const PARTS = ['up', 'down', 'verify'] as const

function writeRevision(folder: string, id: string, order: readonly string[], revision: WrittenParts): void {
  const at = order.indexOf(id)
  const { stem = id } = revision
  const parents = revision.parents ?? order.slice(at - 1, at)
  const header = [
    `revision: ${id}`,
    `parents: ${parents.join(', ') || 'none'}`,
    `message: ${revision.message ?? `add ${id}`}`,
    `created: 2026-01-01T00:00:${String(at % 60).padStart(2, '0')}Z`,
    ...(revision.header?.split('\n') ?? []),
  ]
  const ofOtherParts = header.filter(line => /^(revision|transaction):/.test(line))
  for (const part of PARTS) {
    const script = revision[part]
    const lines = part === 'up' ? header : ofOtherParts
    const text = `${lines.map(line => `-- ${line}\n`).join('')}\n${script}\n`
    if (script !== undefined) writeFileSync(join(folder, `${stem}.${part}.sql`), text)
  }
}
