import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import type postgres from 'postgres'
import { resolve } from '../../src/actions/resolve.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { readSettings } from '../../src/settings/settings.ts'
import { catalogOf } from '../support/catalog.ts'
import { withDatabase } from '../support/database.ts'
import { hasPsql, type PsqlScript, runInPsql } from '../support/psql.ts'
import { assertSaysTheSame, hasFailed, outcomesOf, type RunOutcome } from '../support/psql-comparison.ts'
import { temporaryFiles } from '../support/temporary-files.ts'
import { psqlScript } from './psql-script.ts'
import { INCLUDED_FILES, NEWLINE, VARIABLES } from './psql-statements.ts'

const SCRIPTS = fc
  .sample(psqlScript, { numRuns: 200, seed: Number(process.env['SQLBRAID_SEED'] ?? 6) })
  .map(asRevision)

test('200 generated scripts do, say and refuse what they do under psql -f', async t => {
  if (!hasPsql(t)) return
  const files = Object.fromEntries(SCRIPTS.map(({ file, text }) => [file, text]))
  const folder = temporaryFiles(t, { ...INCLUDED_FILES, ...files })
  await withDatabase(t, ours =>
    withDatabase(t, async theirs => {
      for (const { sql } of [ours, theirs]) await sql.unsafe(SEEN)
      const byPsql = await runInPsql(theirs.url, folder, SCRIPTS, VARIABLES)
      const outcomes = await applyPastFailures(folder, ours.url)
      for (const [index, { text }] of SCRIPTS.entries())
        assertSaysTheSame(t, outcomes[index], byPsql[index], { folder, title: text, newline: NEWLINE.value })
      t.deepEqual(await seenIn(ours.sql), await seenIn(theirs.sql))
      t.deepEqual(await catalogOf(ours.sql), await catalogOf(theirs.sql))
    }),
  )
})

/** What a script selects is kept, and the text in which the server was asked for it. */
const SEEN =
  'create table seen (script text default current_schema(), row json, query text default current_query())'

interface Script extends PsqlScript {
  readonly revision: string
  /** A few share a folder, so that they are run together. */
  readonly migrations: string
  readonly text: string
}

/** Most run in a transaction; each has a schema of its own. */
function asRevision(script: string, index: number): Script {
  const transaction = index % 5 === 0 ? 'off' : 'on'
  const revision = `r${String(index).padStart(3, '0')}`
  const header = `-- revision: ${revision}\n-- parents: none\n-- transaction: ${transaction}\n`
  const schema = `create schema ${revision};\nset search_path to ${revision}, public;\n`
  const migrations = `m${Math.floor(index / 10)}`
  const text = `${header}${schema}${script}`
  return { revision, migrations, file: `${migrations}/${revision}.up.sql`, transaction, text }
}

/** A script that fails is taken away for as long as the others run, and the next one is run. */
async function applyPastFailures(folder: string, url: string): Promise<RunOutcome[]> {
  const outcomes: RunOutcome[] = []
  for (const { migrations } of SCRIPTS) {
    const settings = readSettings({ url, values: { migrations } }, { cwd: folder, env: {} })
    while (SCRIPTS[outcomes.length]?.migrations === migrations) {
      outcomes.push(...(await outcomesOf(listener => upgrade(settings, REQUEST, listener))))
      const failed = SCRIPTS[outcomes.length - 1]
      const last = outcomes.at(-1)
      if (!failed || !last || !hasFailed(last)) break
      if (failed.transaction === 'off')
        await resolve(settings, { revision: failed.revision, resolution: 'not applied' })
      rmSync(join(folder, failed.file))
    }
  }
  for (const { file, text } of SCRIPTS) writeFileSync(join(folder, file), text)
  return outcomes
}

const REQUEST = { targets: ['heads'], ignoreUnknown: true }

/** psql sends a semicolon along, and a comment behind the last statement. */
async function seenIn(sql: postgres.Sql): Promise<readonly unknown[]> {
  const rows = await sql`select script, row::text, query from seen order by script, ctid`
  return rows.map(({ script, row, query }) => [
    script,
    row,
    String(query)
      .replace(/;$|-- and a comment at the end$/, '')
      .trimEnd(),
  ])
}
