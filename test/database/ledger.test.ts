import test from 'ava'
import { downgrade } from '../../src/actions/downgrade.ts'
import { readState } from '../../src/actions/read-state.ts'
import { stamp } from '../../src/actions/stamp.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { readLedger } from '../../src/database/ledger.ts'
import type { Session } from '../../src/database/session.ts'
import { withDatabase } from '../support/database.ts'
import { appliedIn, tablesIn } from '../support/ledger-rows.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }

for (const schema of [
  'UPPER',
  'with "quotes" and \'apostrophes\'',
  'bröd 🥖 $$;--',
  'select',
  'back\\slash',
]) {
  test(`the ledger may be in a schema called ${schema}`, t =>
    withDatabase(t, async ({ url, sql }) => {
      const scripts = {
        a: { up: 'create table a ();', down: 'drop table a;' },
        b: { up: 'vacuum;', down: '', header: 'transaction: off' },
      }
      const { settings } = writeProject(t, url, scripts, { ledger_schema: schema })
      await upgrade(settings, heads)
      t.is((await sql`select from ${sql(schema)}.revision`).length, 2)
      t.deepEqual(
        (await readState(settings)).ledger.revisions.map(({ id }) => String(id)),
        ['a', 'b'],
      )
      await downgrade(settings, { targets: ['base'] })
      t.is((await sql`select from ${sql(schema)}.revision`).length, 0)
      t.is((await sql`select from ${sql(schema)}.event`).length, 4)
    }))
}

test('two ledgers in one database know nothing of each other', t =>
  withDatabase(t, async ({ url }) => {
    const one = writeProject(t, url, { a: 'create table a ();' }, { ledger_schema: 'one' }).settings
    const two = writeProject(t, url, { b: 'create table b ();' }, { ledger_schema: 'two' }).settings
    await upgrade(one, heads)
    await upgrade(two, heads)
    t.deepEqual([...(await readState(one)).heads].map(String), ['a'])
    t.deepEqual([...(await readState(two)).heads].map(String), ['b'])
  }))

test('a database without a ledger has nothing applied, and reading creates none', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, { a: 'select 1;' })
    const state = await readState(settings)
    t.is(state.ledger.version, 0)
    t.deepEqual(state.pending.map(String), ['a'])
    t.is((await sql`select from pg_namespace where nspname = 'sqlbraid'`).length, 0)
  }))

test('a ledger of a newer version is refused, by readers too', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, { a: 'select 1;' })
    await upgrade(settings, heads)
    await sql`update sqlbraid.version set version = 99`
    for (const run of [
      () => upgrade(settings, heads),
      () => readState(settings),
      () => stamp(settings, heads),
    ])
      await t.throwsAsync(run, { code: 'LEDGER_TOO_NEW', message: /version 99/ })
  }))

test('a read-only database is refused before anything is tried, unless there is nothing to do', t =>
  withDatabase(t, async ({ url, sql, name }) => {
    const project = writeProject(t, url, { a: 'select 1;' })
    await upgrade(project.settings, heads)
    await sql.unsafe(`alter database ${name} set default_transaction_read_only = on`)
    t.deepEqual((await upgrade(project.settings, heads)).steps, [])
    t.is((await readState(project.settings)).pending.length, 0)
    project.write({ b: 'set transaction read write; create table b ();' })
    await t.throwsAsync(upgrade(project.settings, heads), { code: 'READ_ONLY_DATABASE' })
    await t.throwsAsync(stamp(project.settings, heads), { code: 'READ_ONLY_DATABASE' })
    t.is(await tablesIn(sql), '')
  }))

const HOSTILE = `it's "quoted" \\ back\\'slash $$ $1 :name; drop table a; --`
const HOSTILE_NAME = `${HOSTILE}\n\u001b[31m`

for (const conforming of ['on', 'off']) {
  test(`hostile texts are kept as they are, with standard_conforming_strings ${conforming}`, t =>
    withDatabase(t, async ({ url, sql, name }) => {
      await sql.unsafe(`alter database ${name} set standard_conforming_strings = ${conforming}`)
      const up = `create table a (text text);\n-- ${HOSTILE}\ninsert into a values ($q$${HOSTILE}\n$q$);`
      const down = `-- ${HOSTILE}\ndrop table a;`
      const project = writeProject(t, url, { a: { up, down, message: HOSTILE, stem: HOSTILE_NAME } })
      await upgrade(project.settings, heads)
      const [row] = await sql`select a.text, r.* from a, sqlbraid.revision r`
      t.is(row?.['text'], `${HOSTILE}\n`)
      t.is(row?.['message'], HOSTILE)
      t.true(row?.['up_script'].includes(up))
      t.true(row?.['down_script'].includes(HOSTILE))
      await downgrade(project.settings, { targets: ['base'] })
      t.is(await appliedIn(sql), '')
      project.write({ a: { up: 'nonsense;', stem: HOSTILE_NAME } })
      await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_FAILED' })
      const [event] =
        await sql`select error->'place'->>'file' as file from sqlbraid.event where outcome = 'failed'`
      t.true(event?.['file'].endsWith(`${HOSTILE_NAME}.up.sql`))
    }))
}

test('backslashes in plain strings are read as the database reads them', t =>
  withDatabase(t, async ({ url, sql, name }) => {
    await sql.unsafe(`alter database ${name} set standard_conforming_strings = off`)
    const up = `create table a (text text); insert into a values ('it\\'s; one');\ninsert into a values ('two');`
    await upgrade(writeProject(t, url, { a: up }).settings, heads)
    t.deepEqual(
      (await sql`select text from a`).map(({ text }) => text),
      ["it's; one", 'two'],
    )
  }))

test('a failure whose message no log could hold is logged all the same', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, {
      a: `do $$ begin raise '%', e'it''s \\\\ "\\x01" \\u2028 🐘'; end $$;`,
    })
    await t.throwsAsync(upgrade(settings, heads), { code: 'REVISION_FAILED' })
    const [event] = await sql`select error->>'message' as message from sqlbraid.event`
    t.is(event?.['message'], `it's \\ "\u0001" \u2028 🐘`)
  }))

test('reading a long ledger looks cheap to the planner, or servers with JIT would compile the query first', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, { a: 'create table a ();' })
    await upgrade(settings, heads)
    await sql`
      insert into sqlbraid.revision overriding system value
      select 'r' || n, parents, depends, labels, message, created, checksum, up_script, down_script, state,
        pending_direction, statements_done, applied_order + n, applied_at, applied_by, duration_ms, run_id, tool_version
      from sqlbraid.revision, generate_series(1, 10000) n`
    await sql`analyze`
    const asked: string[] = []
    const query = async (text: string) => {
      asked.push(text)
      return []
    }
    await readLedger({ query } as unknown as Session, settings.ledgerSchema)
    const [row] = await sql.unsafe(`explain (format json) ${asked[0]}`)
    const limit = await sql`select boot_val::int as cost from pg_settings where name = 'jit_above_cost'`
    t.true(row?.['QUERY PLAN'][0].Plan['Total Cost'] < limit[0]?.['cost'])
  }))
