import test from 'ava'
import { downgrade } from '../../src/actions/downgrade.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { renderError } from '../../src/cli/render/error.ts'
import { PLAIN } from '../../src/cli/render/style.ts'
import { RevisionFailedError, type StepReport } from '../../src/errors/run-errors.ts'
import { withDatabase } from '../support/database.ts'
import { appliedIn, eventsIn, tablesIn } from '../support/ledger-rows.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }

const outline = (steps: readonly StepReport[]) =>
  steps.map(({ direction, revision, state }) => `${direction} ${revision} ${state}`)

const FIVE = {
  a: 'create table a ();',
  b: 'create table b ();',
  c: 'create table c ();\nselect 1,\n\t nonsense from b;',
  d: 'create table d ();',
  e: 'create table e ();',
}

test('three revisions are applied, and the ledger keeps what each of them was', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, {
      a: { up: 'create table a ();', down: 'drop table a;', header: 'labels: one, two' },
      b: 'create table b ();',
      c: { up: 'create table c ();', parents: ['b', 'a'], header: 'depends: one' },
    })
    const report = await upgrade(settings, heads)
    t.deepEqual(outline(report.steps), ['up a applied', 'up b applied', 'up c applied'])
    t.deepEqual([...report.heads], ['c'])
    t.is(await tablesIn(sql), 'a b c')

    const rows = await sql`select * from sqlbraid.revision order by applied_order`
    t.deepEqual(
      rows.map(({ revision, parents, labels, depends }) => ({ revision, parents, labels, depends })),
      [
        { revision: 'a', parents: [], labels: ['one', 'two'], depends: [] },
        { revision: 'b', parents: ['a'], labels: [], depends: [] },
        { revision: 'c', parents: ['b', 'a'], labels: [], depends: ['one'] },
      ],
    )
    const [first, second] = rows
    t.regex(first?.['up_script'], /^-- revision: a\n[\s\S]*create table a \(\);\n$/)
    t.regex(first?.['down_script'], /^-- revision: a\n[\s\S]*drop table a;\n$/)
    t.is(second?.['down_script'], null)
    t.regex(first?.['checksum'], /^[0-9a-f]{64}$/)
    const [{ session_user: me } = {}] = await sql`select session_user`
    t.is(first?.['applied_by'], me)
    t.is(new Set(rows.map(row => row['run_id'])).size, 1)
    t.true(rows.every(row => row['state'] === 'applied' && row['duration_ms'] >= 0))
    t.deepEqual(await eventsIn(sql), ['upgrade a done', 'upgrade b done', 'upgrade c done'])
  }))

test('what is reverted leaves the ledger, and its event stays', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, {
      a: { up: 'create table a ();', down: 'drop table a;' },
      b: { up: 'create table b ();', down: 'drop table b;' },
    })
    await upgrade(settings, heads)
    const report = await downgrade(settings, { targets: ['-1'] })
    t.deepEqual(outline(report.steps), ['down b applied'])
    t.is(await appliedIn(sql), 'a')
    t.is(await tablesIn(sql), 'a')
    t.deepEqual((await eventsIn(sql)).slice(2), ['downgrade b done'])
  }))

test('an error in the third of five revisions undoes that one and stops there', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, FIVE)
    const error = await t.throwsAsync(upgrade(project.settings, heads), { instanceOf: RevisionFailedError })
    t.is(error.code, 'REVISION_FAILED')
    t.deepEqual(outline(error.steps), [
      'up a applied',
      'up b applied',
      'up c failed',
      'up d not run',
      'up e not run',
    ])
    t.like(error.failure, { phase: 'script', server: { sqlState: '42703' } })
    t.like(error.failure.place, project.find('c.up.sql', 'nonsense'))
    t.is(error.failure.place?.excerpt, '\t nonsense from b;\n\t ^')
    t.is(await appliedIn(sql), 'a b')
    t.is(await tablesIn(sql), 'a b')
    t.deepEqual(await eventsIn(sql), ['upgrade a done', 'upgrade b done', 'upgrade c failed'])
    const [event] = await sql`select error from sqlbraid.event where outcome = 'failed'`
    t.like(event?.['error'], { phase: 'script', server: { sqlState: '42703' } })
  }))

test('one transaction for all keeps nothing of a run that fails', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, FIVE, { transaction: 'all' })
    const error = await t.throwsAsync(upgrade(settings, heads), { instanceOf: RevisionFailedError })
    t.regex(renderError(error, PLAIN), /The whole run was undone/)
    t.deepEqual(outline(error.steps), [
      'up a not run',
      'up b not run',
      'up c failed',
      'up d not run',
      'up e not run',
    ])
    t.is(await appliedIn(sql), '')
    t.is(await tablesIn(sql), '')
    t.deepEqual(await eventsIn(sql), ['upgrade c failed'])
  }))

test('one transaction for all applies all at the same instant, with the settings of no script reaching the next', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(
      t,
      url,
      {
        a: { up: 'create table a (at timestamptz default now()); insert into a default values;', down: '' },
        b: {
          up: `set search_path = pg_catalog; set role pg_monitor; create temp table leftover ();
            prepare p as select 1;`,
          verify: "select current_setting('search_path') <> 'pg_catalog';",
          down: 'set search_path = pg_catalog;',
        },
        c: { up: 'insert into a default values; create table leftover (); prepare p as select 2;', down: '' },
      },
      { transaction: 'all' },
    )
    await upgrade(settings, heads)
    t.is(await tablesIn(sql), 'a leftover')
    const [{ instants } = {}] = await sql`select count(distinct at)::int as instants from a`
    t.is(instants, 1)
    await downgrade(settings, { targets: ['base'] })
    t.is(await appliedIn(sql), '')
    t.is((await eventsIn(sql)).length, 6)
  }))

test('a revision outside a transaction is refused within one for all, before anything runs', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(
      t,
      url,
      { a: 'create table a ();', b: { up: 'vacuum;', header: 'transaction: off' } },
      { transaction: 'all' },
    )
    await t.throwsAsync(upgrade(settings, heads), { code: 'NOT_IN_ONE_TRANSACTION', message: /: b must/ })
    t.is(await tablesIn(sql), '')
  }))

test('a statement that no transaction can hold is an error that says what to write', t =>
  withDatabase(t, async ({ url }) => {
    const { settings } = writeProject(t, url, { a: 'vacuum;' })
    const error = await t.throwsAsync(upgrade(settings, heads), { instanceOf: RevisionFailedError })
    t.is(error.failure.server?.sqlState, '25001')
    t.deepEqual(
      [...error.suggestions],
      ['If it must run outside a transaction, put "-- transaction: off" into the header'],
    )
  }))

test('a constraint that is deferred to the end undoes the revision at its commit', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, {
      a: 'create table a (id int primary key, b int references a deferrable initially deferred);',
      b: 'insert into a values (1, 2); create table b ();',
      c: 'create table c ();',
    })
    const error = await t.throwsAsync(upgrade(settings, heads), { instanceOf: RevisionFailedError })
    t.like(error.failure, { phase: 'commit', server: { sqlState: '23503' } })
    t.deepEqual(outline(error.steps), ['up a applied', 'up b failed', 'up c not run'])
    t.is(await appliedIn(sql), 'a')
    t.is(await tablesIn(sql), 'a')
  }))

test('notices and warnings are heard in their order, with the step they belong to', t =>
  withDatabase(t, async ({ url }) => {
    const { settings } = writeProject(t, url, {
      a: `do $$ begin raise notice 'one'; raise warning 'two'; end $$; do $$ begin raise notice 'three'; end $$;`,
      b: `do $$ begin raise notice 'four'; end $$;`,
      c: { up: 'vacuum;', header: 'transaction: off' },
    })
    const heard: string[] = []
    await upgrade(settings, heads, {
      onNotice: (step, { severity, message }) => heard.push(`${step.revision} ${severity} ${message}`),
    })
    t.deepEqual(heard, ['a NOTICE one', 'a WARNING two', 'a NOTICE three', 'b NOTICE four'])
  }))
