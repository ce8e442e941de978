import test from 'ava'
import { readState } from '../../src/actions/read-state.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { appliedIn } from '../support/ledger-rows.ts'
import { openWire } from '../support/wire.ts'
import { type WrittenRevision, writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }

/** What the server is and what the ledger holds; the lock; the ledger again; the unlocking. */
const CONSTANT = 5

function revisions(count: number, verify?: string): Record<string, WrittenRevision> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  return Object.fromEntries(
    numbers.map(number => {
      const up = `create table t${number} (id int); insert into t${number} values (1); select count(*) from t${number};`
      return [`r${number}`, { up, ...(verify && { verify }) }]
    }),
  )
}

test('with nothing to do there are two round trips, and no lock', t =>
  withDatabase(t, async ({ url }) => {
    const { settings } = writeProject(t, url, revisions(3))
    await upgrade(settings, heads)
    const wire = await openWire(t, url)
    const through = writeProject(t, wire.url, revisions(3)).settings
    t.deepEqual((await upgrade(through, heads)).steps, [])
    t.is(wire.roundTrips(), 2)
    t.deepEqual(
      wire.queries.filter(query => /advisory/.test(query)),
      [],
    )
    t.deepEqual((await readState(through)).pending, [])
    t.is(wire.roundTrips(), 4)
  }))

for (const count of [1, 5, 20]) {
  test(`each of ${count} revisions is one round trip`, t =>
    withDatabase(t, async ({ url, sql }) => {
      await upgrade(writeProject(t, url, { r0: 'select 1;' }).settings, heads)
      const wire = await openWire(t, url)
      const { settings } = writeProject(t, wire.url, { r0: 'select 1;', ...revisions(count) })
      await upgrade(settings, heads)
      t.is(wire.roundTrips(), CONSTANT + count)
      t.is((await appliedIn(sql)).split(' ').length, 1 + count)
    }))
}

test('a revision of many statements is one round trip too', t =>
  withDatabase(t, async ({ url }) => {
    await upgrade(writeProject(t, url, { r0: 'select 1;' }).settings, heads)
    const wire = await openWire(t, url)
    const many = `create table t (id int);\n${'insert into t values (1);\n'.repeat(1000)}`
    await upgrade(writeProject(t, wire.url, { r0: 'select 1;', r1: many }).settings, heads)
    t.is(wire.roundTrips(), CONSTANT + 1)
  }))

test('the ledger is created in one more round trip', t =>
  withDatabase(t, async ({ url }) => {
    const wire = await openWire(t, url)
    await upgrade(writeProject(t, wire.url, revisions(2)).settings, heads)
    t.is(wire.roundTrips(), CONSTANT + 1 + 2)
  }))

test('a verify script costs one more round trip', t =>
  withDatabase(t, async ({ url }) => {
    const wire = await openWire(t, url)
    await upgrade(writeProject(t, wire.url, revisions(3, 'select true; select 1;')).settings, heads)
    t.is(wire.roundTrips(), CONSTANT + 1 + 3 * 2)
  }))

test('in one transaction for all, each revision is one round trip', t =>
  withDatabase(t, async ({ url }) => {
    const wire = await openWire(t, url)
    await upgrade(writeProject(t, wire.url, revisions(5), { transaction: 'all' }).settings, heads)
    t.is(wire.roundTrips(), CONSTANT + 1 + 5)
  }))

const OUTSIDE = {
  'create an index': 'create index concurrently more on t (id);',
  'drop an index': 'drop index concurrently ids;',
}

for (const [what, up] of Object.entries(OUTSIDE)) {
  test(`to ${what} outside a transaction takes three round trips: it is begun, done and recorded`, t =>
    withDatabase(t, async ({ url, sql }) => {
      const before = { r0: 'create table t (id int); create index ids on t (id);' }
      await upgrade(writeProject(t, url, before).settings, heads)
      const wire = await openWire(t, url)
      const after = { ...before, r1: { up, header: 'transaction: off' } }
      await upgrade(writeProject(t, wire.url, after).settings, heads)
      t.is(wire.roundTrips(), CONSTANT + 3)
      t.is(await appliedIn(sql), 'r0 r1')
    }))
}
