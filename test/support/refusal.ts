import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type postgres from 'postgres'
import type { Answer, CliProject } from './cli.ts'

/** What a command that refuses must say. */
export interface Refusal {
  readonly exit: number
  readonly code: string
  /** What the message must name. */
  readonly names: readonly (string | RegExp)[]
}

/** The document that `--json` prints for an error. */
export interface ErrorDocument {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly suggestions: readonly string[]
    readonly [fact: string]: unknown
  }
}

/** Asserts that a command, run with `--json`, refused as `refusal` says; gives the document. */
export function assertRefused(t: ExecutionContext, answer: Answer, refusal: Refusal): ErrorDocument {
  const document = answer.json as ErrorDocument
  const { code, message, suggestions } = document.error
  t.deepEqual({ exit: answer.code, code }, { exit: refusal.exit, code: refusal.code }, message)
  for (const name of refusal.names) t.true(holds(message, name), `"${message}" names ${name}`)
  t.true(Array.isArray(suggestions))
  t.notRegex(`${answer.stdout}${answer.stderr}`, /This is a bug|\n {4}at /)
  return document
}

/** All files of a project with their bytes, to compare before and after. */
export function filesOf({ root }: CliProject): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return Object.fromEntries(files.sort().map(file => [file, readFileSync(file, 'latin1')]))
}

/** The tables of a database, the ledger's among them. */
export async function tablesOf(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql`
    select format('%s.%s', table_schema, table_name) as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema') order by 1`
  return rows.map(({ name }) => String(name))
}

function holds(message: string, name: string | RegExp): boolean {
  return typeof name === 'string' ? message.includes(name) : name.test(message)
}
