import test, { type ExecutionContext } from 'ava'
import { downgrade } from '../../src/actions/downgrade.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { RevisionFailedError } from '../../src/errors/run-errors.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { type TestDatabase, withDatabase } from '../support/database.ts'
import { appliedIn, eventsIn, tablesIn } from '../support/ledger-rows.ts'
import { type WrittenRevision, writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }

/** A revision outside a transaction. */
const off = (up: string, down?: string): WrittenRevision => ({
  up,
  ...(down === undefined ? {} : { down }),
  header: 'transaction: off',
})

async function pendingIn(sql: TestDatabase['sql']): Promise<string[]> {
  const rows = await sql`select * from sqlbraid.revision where state = 'pending'`
  return rows.map(row => `${row['revision']} ${row['pending_direction']} ${row['statements_done']}`)
}

async function failing(t: ExecutionContext, settings: Settings): Promise<RevisionFailedError | undefined> {
  return t.throwsAsync(upgrade(settings, heads), {
    instanceOf: RevisionFailedError,
    code: 'REVISION_INCOMPLETE',
  })
}

test('an index is built concurrently, between revisions that have transactions', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, {
      a: { up: 'create table a (id int);', down: 'drop table a;' },
      b: off('create index concurrently a_id on a (id);', 'drop index concurrently a_id;'),
      c: { up: 'create table c ();', down: 'drop table c;' },
    })
    await upgrade(settings, heads)
    t.is(await appliedIn(sql), 'a b c')
    t.is((await sql`select from pg_index where indexrelid = 'a_id'::regclass and indisvalid`).length, 1)
    await downgrade(settings, { targets: ['base'] })
    t.is(await appliedIn(sql), '')
    t.is(await tablesIn(sql), '')
  }))

test('a script that stops half-way is noted, and goes on at the statement that failed once that is mended', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: off('create table a ();\ncreate table b ();\ncreate table nonsense from a;\ncreate table d ();'),
      z: 'create table z ();',
    })
    const error = await failing(t, project.settings)
    t.deepEqual(error?.failure.progress, { statementsDone: 2, statementsTotal: 4 })
    t.like(error?.failure.place, project.find('a.up.sql', 'from a'))
    t.deepEqual(
      error?.steps.map(({ state }) => state),
      ['failed', 'not run'],
    )
    t.is(await tablesIn(sql), 'a b')
    t.deepEqual(await pendingIn(sql), ['a up 2'])
    t.deepEqual(await eventsIn(sql), ['upgrade a failed'])

    project.write({
      a: off('create table a ();\ncreate table b ();\ncreate table c ();\ncreate table d ();'),
    })
    await upgrade(project.settings, heads)
    t.is(await tablesIn(sql), 'a b c d z')
    t.is(await appliedIn(sql), 'a z')
    t.deepEqual(await upgrade(project.settings, heads).then(({ steps }) => steps), [])
  }))

for (const when of ['before', 'after']) {
  test(`a COPY that must wait is tried again with all its data (refused ${when} they are taken)`, t =>
    withDatabase(t, async ({ url, sql }) => {
      const { settings } = writeProject(t, url, {
        a: `create table t (id int); create sequence attempts;
          create function hesitate() returns trigger language plpgsql as $$ begin
            if nextval('attempts') = 1 then raise 'taken' using errcode = 'lock_not_available'; end if;
            return null;
          end $$;
          create trigger hesitate ${when} insert on t for each statement execute function hesitate();`,
        b: off('copy t from stdin;\n1\n2\n\\.\n'),
      })
      const retries: string[] = []
      await upgrade(settings, heads, {
        onRetry: ({ revision }, { reason }) => retries.push(`${revision} ${reason}`),
      })
      t.deepEqual(retries, ['b taken'])
      t.is((await sql`select from t`).length, 2)
    }))
}

test('what the done statements have set holds again when a script goes on', t =>
  withDatabase(t, async ({ url, sql }) => {
    const script = (third: string) =>
      off(
        `create schema s; set search_path = s, public; set local work_mem = '1MB'; reset work_mem; ${third} create table c ();`,
      )
    const project = writeProject(t, url, { a: script('bad;') })
    await failing(t, project.settings)
    project.write({ a: script('create table b ();') })
    await upgrade(project.settings, heads)
    const tables = await sql`select tablename from pg_tables where schemaname = 's' order by 1`
    t.deepEqual(
      tables.map(({ tablename }) => tablename),
      ['b', 'c'],
    )
  }))

test('a script may be mended more than once', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: off('create table a (); bad one; bad two; create table d ();'),
    })
    await failing(t, project.settings)
    project.write({ a: off('create table a (); create table b (); bad two; create table d ();') })
    await failing(t, project.settings)
    t.deepEqual(await pendingIn(sql), ['a up 2'])
    project.write({ a: off('create table a (); create table b (); create table c (); create table d ();') })
    await upgrade(project.settings, heads)
    t.is(await tablesIn(sql), 'a b c d')
  }))

const changes = {
  'a statement': ['create table a (); bad;', 'create table other (); select 1;'],
  'the data of a COPY': [
    'create table a (id int);\ncopy a from stdin;\n1\n\\.\nbad;',
    'create table a (id int);\ncopy a from stdin;\n2\n\\.\nselect 1;',
  ],
} as const

for (const [what, [before, after]] of Object.entries(changes)) {
  test(`it does not go on when ${what} that is done was changed`, t =>
    withDatabase(t, async ({ url, sql }) => {
      const project = writeProject(t, url, { a: off(before) })
      await failing(t, project.settings)
      const pending = await pendingIn(sql)
      project.write({ a: off(after) })
      await t.throwsAsync(upgrade(project.settings, heads), {
        code: 'CHANGED_REVISIONS',
        message: /a\.up\.sql/,
      })
      t.deepEqual(await pendingIn(sql), pending)
    }))
}

test('what stopped half-way must be finished in its direction before anything else is run', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      root: { up: 'create table root ();', down: 'drop table root;' },
      a: off('create table a (); bad;'),
      b: { up: 'create table b ();', parents: ['root'] },
    })
    await failing(t, project.settings)
    for (const run of [
      () => upgrade(project.settings, { targets: ['b'] }),
      () => downgrade(project.settings, { targets: ['base'] }),
    ]) {
      const error = await t.throwsAsync(run, {
        code: 'UNFINISHED_REVISION',
        message: /Revision a .* going up/,
      })
      t.deepEqual((error as unknown as { suggestions: string[] }).suggestions, [
        'sqlbraid upgrade a',
        'sqlbraid resolve a --applied   # or --not-applied, once it is mended by hand',
      ])
    }
    t.is(await tablesIn(sql), 'a root')
  }))

test('a down script that stops half-way is resumed as the one that was begun, also when it was not the one kept', t =>
  withDatabase(t, async ({ url, sql }) => {
    const up = 'create table a (); create table b ();'
    const project = writeProject(t, url, { a: off(up, 'select never_run;') })
    await upgrade(project.settings, heads)
    project.write({ a: off(up, 'drop table b; drop table missing; drop table a;') })
    const down = () => downgrade(project.settings, { targets: ['base'] })
    await t.throwsAsync(down, { code: 'REVISION_INCOMPLETE' })
    t.deepEqual(await pendingIn(sql), ['a down 1'])
    await t.throwsAsync(down, { code: 'REVISION_INCOMPLETE' })
    project.write({ a: off(up, 'drop table b; drop table if exists missing; drop table a;') })
    await down()
    t.is(await tablesIn(sql), '')
    t.is(await appliedIn(sql), '')
  }))

test('settings of a script hold for all of its statements, and its progress is recorded in spite of them', t =>
  withDatabase(t, async ({ url, sql }) => {
    const script = `create schema s; set search_path = s; set role pg_monitor; reset role;
      set statement_timeout = '1h'; set transaction_read_only = off; create table a ();`
    await upgrade(writeProject(t, url, { a: off(script) }).settings, heads)
    t.is((await sql`select to_regclass('s.a') as found`)[0]?.['found'], 's.a')
  }))

test('a verify script that answers false stops the revision with all its statements done', t =>
  withDatabase(t, async ({ url, sql }) => {
    const a = {
      up: 'create table a ();',
      verify: 'insert into a default values; select false;',
      header: 'transaction: off',
    }
    const project = writeProject(t, url, { a })
    const error = await failing(t, project.settings)
    t.like(error?.failure, { phase: 'verify', progress: { statementsDone: 1, statementsTotal: 1 } })
    t.is((await sql`select from a`).length, 0)
    project.write({ a: { ...a, verify: 'select true;' } })
    await upgrade(project.settings, heads)
    t.is(await appliedIn(sql), 'a')
  }))
