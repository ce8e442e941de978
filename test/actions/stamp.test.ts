import test from 'ava'
import { readState } from '../../src/actions/read-state.ts'
import { stamp } from '../../src/actions/stamp.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { ids } from '../support/draw.ts'
import { withDrawnProject } from '../support/drawn-project.ts'
import { appliedIn, eventsIn, tablesIn } from '../support/ledger-rows.ts'
import { braid, fork } from '../support/topologies.ts'
import { writeProject } from '../support/written-project.ts'

const FORK = {
  a: { up: 'create table a ();', down: 'drop table a;' },
  b: { up: 'create table b ();', down: 'drop table b;', parents: ['a'] },
  c: { up: 'create table c ();', down: 'drop table c;', parents: ['a'] },
}

test('a stamp records what was not run, as an upgrade would have', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, FORK)
    const report = await stamp(settings, { targets: ['b'] })
    t.deepEqual([...report.heads].map(String), ['b'])
    t.is(await appliedIn(sql), 'a b')
    t.is(await tablesIn(sql), '')
    t.deepEqual(await eventsIn(sql), ['stamp a done', 'stamp b done'])
    const [row] = await sql`select * from sqlbraid.revision where revision = 'b'`
    t.deepEqual(row?.['parents'], ['a'])
    t.regex(row?.['up_script'], /create table b/)
    t.regex(row?.['down_script'], /drop table b/)
    t.deepEqual((await readState(settings)).changed, [])
  }))

test('a stamp of several targets keeps both heads, and one of base leaves none', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, FORK)
    await stamp(settings, { targets: ['b', 'c'] })
    t.is(await appliedIn(sql), 'a b c')
    await stamp(settings, { targets: ['base'] })
    t.is(await appliedIn(sql), '')
    t.is((await eventsIn(sql)).length, 6)
  }))

test('a stamp down forgets what stands above, and leaves the tables', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, FORK)
    await upgrade(settings, { targets: ['heads'] })
    await stamp(settings, { targets: ['a'] })
    t.is(await appliedIn(sql), 'a')
    t.is(await tablesIn(sql), 'a b c')
  }))

test('a purging stamp also forgets revisions that have no file', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, FORK)
    await upgrade(project.settings, { targets: ['heads'] })
    project.remove('c')
    await stamp(project.settings, { targets: ['a'], purge: true })
    t.is(await appliedIn(sql), 'a')
  }))

test('a stamp at where the database stands, or a dry one, writes nothing', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, FORK)
    const dry = await stamp(settings, { targets: ['b'], dryRun: true })
    t.deepEqual(
      dry.steps.map(({ state }) => state),
      ['planned', 'planned'],
    )
    t.is((await sql`select from pg_namespace where nspname = 'sqlbraid'`).length, 0)
    await stamp(settings, { targets: ['b'] })
    t.deepEqual((await stamp(settings, { targets: ['b'] })).steps, [])
    t.is((await eventsIn(sql)).length, 2)
  }))

test('stamping goes up and down, to several targets, and never loses a head', t =>
  withDrawnProject(fork, {}, project =>
    withDatabase(t, async database => {
      const settings = project.settings({ url: database.url })
      const stamped = async (...targets: readonly string[]) => {
        const { heads } = await stamp(settings, { targets })
        return [[...heads], (await appliedIn(database.sql)).split(' ').sort().join(' ')]
      }
      t.deepEqual(await stamped('b1', 'c1'), [ids('b1', 'c1'), 'a b1 c1'])
      t.deepEqual(await stamped('b2'), [ids('b2', 'c1'), 'a b1 b2 c1'])
      t.deepEqual(await stamped('heads'), [ids('b2', 'c2'), 'a b1 b2 c1 c2'])
      t.deepEqual(await stamped('b1'), [ids('b1', 'c2'), 'a b1 c1 c2'])
      t.deepEqual(await stamped('b1', 'c1'), [ids('b1', 'c1'), 'a b1 c1'])
      t.deepEqual(await stamped('base'), [[], ''])
      t.is(await tablesIn(database.sql), '')
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

test('a head that was not named alone is refused, and nothing is stamped', t =>
  withDrawnProject(fork, {}, project =>
    withDatabase(t, async database => {
      const settings = project.settings({ url: database.url })
      await t.throwsAsync(stamp(settings, { targets: ['head'] }), { code: 'MULTIPLE_HEADS' })
      const [ledger] = await database.sql`select to_regnamespace('sqlbraid') as found`
      t.is(ledger?.['found'], null)
    }),
  ))
