import test from 'ava'
import { stamp } from '../../src/actions/stamp.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { type TestDatabase, withDatabase } from '../support/database.ts'
import { ids } from '../support/draw.ts'
import { withDrawnProject } from '../support/drawn-project.ts'
import { braid, fork } from '../support/topologies.ts'

const appliedSet = async ({ sql }: TestDatabase) =>
  (await sql`select revision from sqlbraid.revision order by 1`).map(({ revision }) => revision)

const tables = async ({ sql }: TestDatabase) =>
  (await sql`select tablename from pg_tables where schemaname = 'public'`).length

test('stamping goes up and down, to several targets, and never loses a head', t =>
  withDrawnProject(fork, {}, project =>
    withDatabase(t, async database => {
      const settings = project.settings({ url: database.url })
      const stamped = async (...targets: readonly string[]) => {
        const { heads } = await stamp(settings, { targets })
        return [[...heads], await appliedSet(database)]
      }
      t.deepEqual(await stamped('b1', 'c1'), [ids('b1', 'c1'), ids('a', 'b1', 'c1')])
      t.deepEqual(await stamped('b2'), [ids('b2', 'c1'), ids('a', 'b1', 'b2', 'c1')])
      t.deepEqual(await stamped('heads'), [ids('b2', 'c2'), ids('a', 'b1', 'b2', 'c1', 'c2')])
      t.deepEqual(await stamped('b1'), [ids('b1', 'c2'), ids('a', 'b1', 'c1', 'c2')])
      t.deepEqual(await stamped('b1', 'c1'), [ids('b1', 'c1'), ids('a', 'b1', 'c1')])
      t.deepEqual(await stamped('base'), [[], []])
      t.is(await tables(database), 0)
    }),
  ))

test('stamping below a merge point keeps its other side', t =>
  withDrawnProject(braid, {}, project =>
    withDatabase(t, async database => {
      const settings = project.settings({ url: database.url })
      await stamp(settings, { targets: ['m'] })
      t.deepEqual([...(await stamp(settings, { targets: ['b1'] })).heads], ids('b1', 'c2'))
    }),
  ))

test('a stamp keeps the scripts and writes an event for each revision, all in one run', t =>
  withDrawnProject(fork, {}, project =>
    withDatabase(t, async database => {
      const settings = project.settings({ url: database.url })
      await upgrade(settings, { targets: ['b1'] })
      await stamp(settings, { targets: ['b2', 'c1'] })
      const kept = await database.sql`
        select up_script, down_script, labels, parents from sqlbraid.revision where revision = 'c1'`
      t.regex(kept[0]?.['up_script'], /create table c1/)
      t.regex(kept[0]?.['down_script'], /drop table c1/)
      const events = await database.sql`
        select revision, count(*) over (partition by run_id)::int as in_run
        from sqlbraid.event where action = 'stamp' order by event`
      t.deepEqual(
        events.map(row => ({ ...row })),
        [
          { revision: 'b2', in_run: 2 },
          { revision: 'c1', in_run: 2 },
        ],
      )
    }),
  ))

test('--purge forgets all else, what has no file here too; a dry run forgets nothing', t =>
  withDrawnProject(fork, {}, project =>
    withDatabase(t, async database => {
      const settings = project.settings({ url: database.url })
      await stamp(settings, { targets: ['heads'] })
      await database.sql`update sqlbraid.revision set revision = 'gone' where revision = 'c2'`
      const request = { targets: ['b1'], purge: true }
      t.is((await stamp(settings, { ...request, dryRun: true })).steps[0]?.state, 'planned')
      t.is((await appliedSet(database)).length, 5)
      t.deepEqual([...(await stamp(settings, request)).heads], ids('b1'))
      t.deepEqual(await appliedSet(database), ['a', 'b1'])
    }),
  ))

test('a head that was not named alone is refused, and nothing is stamped', t =>
  withDrawnProject(fork, {}, project =>
    withDatabase(t, async database => {
      const settings = project.settings({ url: database.url })
      await t.throwsAsync(stamp(settings, { targets: ['head'] }), { code: 'MULTIPLE_HEADS' })
      const [ledger] = await database.sql`select to_regnamespace('sqlbraid') as found`
      t.is(ledger?.['found'], null)
    }),
  ))
