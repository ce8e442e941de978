import test from 'ava'
import { downgrade } from '../../src/actions/downgrade.ts'
import { readState } from '../../src/actions/read-state.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { readSettings } from '../../src/settings/settings.ts'
import { copyCorpus } from '../support/corpus.ts'
import { type PostgresPrograms, withPostgresPrograms } from '../support/postgres-programs.ts'

const heads = { targets: ['heads'] }

test('285 real revisions build the schema that psql builds from their files, and go down and up again', async t => {
  const corpus = copyCorpus(t)
  if (!corpus) return
  await withPostgresPrograms(t, async programs => {
    const ours = createDatabase(programs, 'ours')
    const { folder } = corpus
    const settings = readSettings({ url: ours, values: { migrations: folder } }, { cwd: folder, env: {} })
    const { steps } = await upgrade(settings, heads)
    t.is(steps.length, 285)

    const psqls = createDatabase(programs, 'psqls')
    for (const file of corpus.upFiles)
      programs.run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', psqls, '-f', file])
    const schema = schemaOf(programs, ours)
    t.is(schema, schemaOf(programs, psqls))

    t.deepEqual((await upgrade(settings, heads)).steps, [])
    await downgrade(settings, { targets: ['-1'] })
    const state = await readState(settings)
    t.is(state.ledger.revisions.length, 284)
    t.deepEqual(state.pending.map(String), [steps.at(-1)?.revision])
    await upgrade(settings, heads)
    t.like(await readState(settings), { pending: [], unknown: [], changed: [], missed: [], incomplete: [] })
    t.is(schemaOf(programs, ours), schema)
  })
})

function createDatabase({ url, run }: PostgresPrograms, name: string): string {
  run('psql', ['-X', '-q', '-d', url, '-c', `create database ${name}`])
  return url.replace('/postgres?', `/${name}?`)
}

/** Without the lines that are new in each dump. */
function schemaOf({ run }: PostgresPrograms, url: string): string {
  const dump = run('pg_dump', ['--schema-only', '--exclude-schema=sqlbraid', '-d', url])
  return dump.replace(/^\\(un)?restrict .*$/gm, '')
}
