import test, { type ExecutionContext } from 'ava'
import { downgrade } from '../../src/actions/downgrade.ts'
import { readState } from '../../src/actions/read-state.ts'
import { resolve } from '../../src/actions/resolve.ts'
import { stamp } from '../../src/actions/stamp.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { readSettings, type Settings } from '../../src/settings/settings.ts'
import { type Corpus, copyCorpus } from '../support/corpus.ts'
import { type PostgresPrograms, withPostgresPrograms } from '../support/postgres-programs.ts'
import { type PsqlScript, runInPsql } from '../support/psql.ts'
import { assertSaysTheSame, hasFailed, outcomesOf, type RunOutcome } from '../support/psql-comparison.ts'

const heads = { targets: ['heads'] }

test('285 real revisions go up, and down again, as psql runs their files: schema, notices and errors', async t => {
  const corpus = copyCorpus(t)
  if (!corpus) return
  await withPostgresPrograms(t, async programs => {
    const ours = createDatabase(programs, 'ours')
    const psqls = createDatabase(programs, 'psqls')
    const { folder, revisions } = corpus
    const settings = readSettings({ url: ours, values: { migrations: folder } }, { cwd: folder, env: {} })
    const compare = async (outcomes: readonly RunOutcome[], scripts: readonly PsqlScript[]) => {
      t.is(outcomes.length, 285)
      const theirs = await runInPsql(psqls, folder, scripts)
      for (const [index, { file: title }] of scripts.entries())
        assertSaysTheSame(t, outcomes[index], theirs[index], { folder, title })
      t.is(schemaOf(programs, ours), schemaOf(programs, psqls))
    }

    const ups = revisions.map(({ up, transaction }) => ({ file: up, transaction }))
    await compare(await outcomesOf(listener => upgrade(settings, heads, listener)), ups)
    await goDownAndUpAgain(t, settings)
    const downs = revisions.map(({ down, transaction }) => ({ file: down, transaction })).reverse()
    await compare(await goDownPastFailures(settings, corpus), downs)
    t.deepEqual((await readState(settings)).ledger.revisions, [])
  })
})

async function goDownAndUpAgain(t: ExecutionContext, settings: Settings): Promise<void> {
  t.deepEqual((await upgrade(settings, heads)).steps, [])
  await downgrade(settings, { targets: ['-1'] })
  const state = await readState(settings)
  t.is(state.ledger.revisions.length, 284)
  t.is(state.pending.length, 1)
  await upgrade(settings, heads)
  t.like(await readState(settings), { pending: [], unknown: [], changed: [], missed: [], incomplete: [] })
}

/** What fails stays as it is, as under psql, and the next one is tried. */
async function goDownPastFailures(settings: Settings, { revisions }: Corpus): Promise<RunOutcome[]> {
  const outcomes: RunOutcome[] = []
  while (outcomes.length < revisions.length) {
    outcomes.push(...(await outcomesOf(listener => downgrade(settings, { targets: ['base'] }, listener))))
    const last = outcomes.at(-1)
    const failed = revisions.at(-outcomes.length)
    if (!last || !failed || !hasFailed(last)) break
    const parent = revisions.at(-outcomes.length - 1)
    if (failed.transaction === 'off')
      await resolve(settings, { revision: failed.id, resolution: 'not applied' })
    else await stamp(settings, { targets: [parent?.id ?? 'base'] })
  }
  return outcomes
}

function createDatabase({ url, run }: PostgresPrograms, name: string): string {
  run('psql', ['-X', '-q', '-d', url, '-c', `create database ${name}`])
  return url.replace('/postgres?', `/${name}?`)
}

/** Without the lines that are new in each dump. */
function schemaOf({ run }: PostgresPrograms, url: string): string {
  const dump = run('pg_dump', ['--schema-only', '--exclude-schema=sqlbraid', '-d', url])
  return dump.replace(/^\\(un)?restrict .*$/gm, '')
}
