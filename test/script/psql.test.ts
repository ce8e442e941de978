import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import test from 'ava'
import fc from 'fast-check'
import type postgres from 'postgres'
import { upgrade } from '../../src/actions/upgrade.ts'
import { includeReader } from '../../src/revision/include-reader.ts'
import { expandScript } from '../../src/script/expand.ts'
import { splitStatements } from '../../src/script/statements.ts'
import { readSettings } from '../../src/settings/settings.ts'
import { copyCorpus } from '../support/corpus.ts'
import { withDatabase } from '../support/database.ts'
import { driverFor } from '../support/driver.ts'
import { hasPsql, runPsql } from '../support/psql.ts'
import { temporaryFiles } from '../support/temporary-files.ts'
import { INCLUDED_FILES, psqlScript, VARIABLES } from './psql-script.ts'

const SCRIPTS = fc.sample(psqlScript, { numRuns: 200, seed: 6 })

test('200 generated scripts do what they do under psql -f', async t => {
  if (!hasPsql(t)) return
  const scripts = Object.fromEntries(SCRIPTS.map((script, index) => [`${index}.sql`, script]))
  const folder = temporaryFiles(t, { ...INCLUDED_FILES, ...scripts, 'all.sql': SCRIPTS.map(callOf).join('') })
  await withDatabase(t, async ({ url, sql }) => {
    const { stdout, stderr } = await runPsql(url, folder, ['-f', 'all.sql'])
    const rows = stdout.split(/^### \d+$/m).slice(1)
    const errors = stderr.split(/^### \d+$/m).slice(1)
    const ours = await runOurselves(url, folder)
    for (const [index, script] of SCRIPTS.entries()) {
      const theirs = { ...sorted(rows[index] ?? ''), errors: psqlErrors(errors[index] ?? '') }
      t.deepEqual(ours[index], theirs, script)
    }
    t.deepEqual(await columnsIn(sql, 'ours'), await columnsIn(sql, 'psql'))
  })
})

test('every up script of the corpus leaves what it leaves under psql -f', async t => {
  const corpus = hasPsql(t) ? copyCorpus(t) : undefined
  if (!corpus) return
  const { folder, upFiles } = corpus
  await withDatabase(t, async ours => {
    await withDatabase(t, async theirs => {
      const settings = readSettings(
        { url: ours.url, values: { migrations: folder } },
        { cwd: folder, env: {} },
      )
      await upgrade(settings, { targets: ['heads'] })
      // What one script sets is not seen by the next.
      const args = upFiles.flatMap(file => ['-f', file, '-c', 'reset all'])
      const { stderr } = await runPsql(theirs.url, folder, args)
      t.deepEqual(psqlErrors(stderr), [])
      t.deepEqual(await schemaOf(ours.sql), await schemaOf(theirs.sql))
    })
  })
})

/** How psql runs all scripts in one session, each in a schema and with variables of its own. */
function callOf(_: string, index: number): string {
  const forget = VARIABLES.map(name => `\\unset ${name}\n`).join('')
  const schema = `create schema psql${index};\nset search_path to psql${index};\n`
  return `${forget}${schema}\\echo ### ${index}\n\\warn ### ${index}\n\\i ${index}.sql\n`
}

/** Echoes hold a `@`; they come before the rows here, and among them under psql. */
interface Outcome {
  readonly rows: readonly string[]
  readonly echoes: readonly string[]
  /** Their SQLSTATEs. */
  readonly errors: readonly string[]
}

function sorted(output: string): Omit<Outcome, 'errors'> {
  const lines = output.split('\n').filter(line => line !== '')
  return {
    rows: lines.filter(line => !line.includes('@')),
    echoes: lines.filter(line => line.includes('@')),
  }
}

async function runOurselves(url: string, folder: string): Promise<Outcome[]> {
  const sql = driverFor(url)
  const readInclude = includeReader({ root: folder, others: [] })
  const outcomes: Outcome[] = []
  for (const [index, script] of SCRIPTS.entries()) {
    const source = { file: join(folder, `${index}.sql`), text: script }
    const { text, problems, echoes } = expandScript(source, { variables: new Map(), readInclude })
    await sql.unsafe(`create schema ours${index}; set search_path to ours${index}`)
    const { lines, errors } = await run(sql, text)
    const faults = problems.map(({ message, line }) => `${line}: ${message}`)
    outcomes.push({ ...sorted([...echoes, ...lines].join('\n')), errors: [...faults, ...errors] })
  }
  await sql.end()
  return outcomes
}

/** Goes on after an error, as psql does unless told otherwise. */
async function run(sql: postgres.Sql, text: string) {
  const lines: string[] = []
  const errors: string[] = []
  for (const statement of splitStatements(text)) {
    try {
      if (statement.copyData) {
        const data = text.slice(statement.copyData.start, statement.copyData.end)
        await pipeline(Readable.from([data]), await sql.unsafe(statement.text).writable())
      } else {
        for (const row of await sql.unsafe(statement.text).values())
          lines.push(row.map(asPsqlShows).join('|'))
      }
    } catch (error) {
      errors.push(String((error as postgres.PostgresError).code))
    }
  }
  return { lines, errors }
}

function asPsqlShows(cell: unknown): string {
  if (cell === null) return ''
  if (typeof cell === 'boolean') return cell ? 't' : 'f'
  if (Array.isArray(cell)) return `{${cell.join(',')}}`
  return typeof cell === 'string' ? cell : String(cell)
}

function columnsIn(sql: postgres.Sql, prefix: string) {
  return sql`
    select substr(nspname, ${prefix.length + 1}) as script, relname, attname, format_type(atttypid, atttypmod) as type
    from pg_attribute join pg_class c on attrelid = c.oid join pg_namespace n on relnamespace = n.oid
    where nspname like ${`${prefix}%`} and attnum > 0
    order by 1, 2, attnum`
}

function psqlErrors(stderr: string): string[] {
  return [...stderr.matchAll(/error: +(.*)/gi)].map(([, sqlState = '']) => sqlState)
}

/** Everything in the schema `public`, as PostgreSQL writes it down. */
async function schemaOf(sql: postgres.Sql): Promise<readonly string[]> {
  const rows = await sql`
    with classes as (select * from pg_class where relnamespace = 'public'::regnamespace)
    select format('%s %s.%s %s %s %s', relkind, relname, attname, format_type(atttypid, atttypmod), attnotnull,
                  pg_get_expr(adbin, adrelid)) as written
      from classes c join pg_attribute a on attrelid = c.oid and attnum > 0 and not attisdropped
      left join pg_attrdef on adrelid = c.oid and adnum = attnum
    union all select pg_get_indexdef(oid) from classes where relkind = 'i'
    union all select pg_get_viewdef(oid) from classes where relkind in ('v', 'm')
    union all select pg_get_constraintdef(oid) || conname from pg_constraint
      where connamespace = 'public'::regnamespace
    union all select pg_get_triggerdef(t.oid) from pg_trigger t join classes c on tgrelid = c.oid where not tgisinternal
    union all select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f'
    order by 1`
  return rows.map(({ written }) => String(written))
}
