import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { readSettings, type Settings } from '../../src/settings/settings.ts'
import { draw } from './draw.ts'

export interface ProjectFacts {
  readonly url: string
  /** Drawn as `draw` takes it; each revision makes a table of its name, and drops it. */
  readonly graph: string
  /** Up scripts that do something else. */
  readonly up?: Readonly<Record<string, string>>
  /** Lines of sqlbraid.toml. */
  readonly config?: string
  readonly env?: Readonly<Record<string, string>>
}

/** The settings of a project in a temporary folder, which is deleted after the test. */
export function projectFor(
  t: ExecutionContext,
  { url, graph, up = {}, config = '', env = {} }: ProjectFacts,
): Settings {
  const root = mkdtempSync('/tmp/braid-project-')
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'migrations'))
  writeFileSync(join(root, 'sqlbraid.toml'), config)
  for (const { id, parents } of draw(graph)) {
    const header = `-- revision: ${id}\n-- parents: ${parents.join(', ') || 'none'}\n-- message: add ${id}\n`
    const script = up[id] ?? `create table ${id} ();\n`
    writeFileSync(join(root, 'migrations', `${id}.up.sql`), `${header}${script}`)
    writeFileSync(join(root, 'migrations', `${id}.down.sql`), `-- revision: ${id}\n\ndrop table ${id};\n`)
  }
  return readSettings({ url }, { cwd: root, env: { PATH: process.env['PATH'], ...env } })
}

/** Names of the tables in the schema `public`. */
export const TABLES = `select coalesce(string_agg(tablename, ' ' order by tablename), '') as tables
  from pg_tables where schemaname = 'public'`
