import test from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import type { Blocker } from '../../src/database/blockers.ts'
import type { Retry } from '../../src/database/patience.ts'
import { isLockFailure, pauseBefore } from '../../src/database/retry.ts'
import { RevisionFailedError, RunInterruptedError, ScriptRunError } from '../../src/errors/run-errors.ts'
import { withDatabase } from '../support/database.ts'
import { appliedIn, eventsIn } from '../support/ledger-rows.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }

test('a table that another transaction holds is waited for in short turns, and the run says what is in the way', t =>
  withDatabase(t, async ({ url, sql }) => {
    await sql`create table held (id int)`
    const project = writeProject(
      t,
      url,
      { a: 'alter table held add column a int;', b: 'create table b ();' },
      { lock_timeout: '1200ms' },
    )
    const free = await holdTable(sql)
    const seen: Blocker[] = []
    const retries: Retry[] = []
    const notices: string[] = []
    await upgrade(project.settings, heads, {
      onNotice: (_, { message }) => notices.push(message),
      onBlocked: (_, blockers) => seen.push(...blockers),
      onRetry: (_, retry) => {
        retries.push(retry)
        free()
      },
    })
    t.is(await appliedIn(sql), 'a b')
    t.deepEqual(await eventsIn(sql), ['upgrade a done', 'upgrade b done'])
    t.deepEqual(notices, [])
    t.is(retries.length, 1)
    t.like(retries[0], { attempt: 2, attempts: 10 })
    t.like(seen[0], { state: 'idle in transaction' })
    t.regex(seen[0]?.query ?? '', /lock table held/)
  }))

test('a script that prepares a statement can be tried again, too', t =>
  withDatabase(t, async ({ url, sql }) => {
    await sql`create table held (id int)`
    const up = 'prepare p as select 1; alter table held add column a int; execute p;'
    const project = writeProject(t, url, { a: { up, header: 'lock_timeout: 50ms' } })
    const free = await holdTable(sql)
    let retries = 0
    await upgrade(project.settings, heads, { onRetry: () => ++retries && free() })
    t.true(retries > 0)
    t.is(await appliedIn(sql), 'a')
  }))

test('after so many attempts the revision fails, undone, and those before it stay', t =>
  withDatabase(t, async ({ url, sql }) => {
    await sql`create table held (id int)`
    const project = writeProject(
      t,
      url,
      {
        a: 'create table a ();',
        b: { up: 'alter table held add column b int;', header: 'lock_timeout: 50ms' },
      },
      { lock_attempts: '2' },
    )
    const free = await holdTable(sql)
    const error = await t.throwsAsync(upgrade(project.settings, heads), { instanceOf: RevisionFailedError })
    free()
    t.is(error?.failure.server?.sqlState, '55P03')
    t.is(await appliedIn(sql), 'a')
    t.deepEqual(await eventsIn(sql), ['upgrade a done', 'upgrade b failed'])
  }))

test('a statement outside a transaction is tried again only where nothing of it can have stayed', t =>
  withDatabase(t, async ({ url, sql }) => {
    await sql`create table held (id int)`
    const project = writeProject(t, url, {
      a: {
        up: 'create table a ();\nalter table held add column a int;',
        header: 'transaction: off\nlock_timeout: 50ms',
      },
    })
    const free = await holdTable(sql)
    let retries = 0
    await upgrade(project.settings, heads, {
      onRetry: () => {
        retries++
        free()
      },
    })
    t.is(retries, 1)
    t.is(await appliedIn(sql), 'a')
  }))

test('a signal cancels the running statement: its revision is undone and noted, and the lock is free', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: 'create table a ();',
      b: 'create table b ();\nselect pg_sleep(600);',
      c: 'create table c ();',
    })
    const abort = new AbortController()
    const run = upgrade(
      project.settings,
      { ...heads, interruption: { stop: abort.signal, cancel: abort.signal } },
      { onStepStarted: step => step.revision === 'b' && abort.abort('SIGTERM') },
    )
    const error = await t.throwsAsync(run, { instanceOf: RunInterruptedError })
    t.is(error?.signal, 'SIGTERM')
    t.deepEqual(
      error?.steps.map(({ state }) => state),
      ['applied', 'failed', 'not run'],
    )
    t.is(await appliedIn(sql), 'a')
    t.deepEqual(await eventsIn(sql), ['upgrade a done', 'upgrade b failed'])
    t.deepEqual(
      [
        ...(await sql`select from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`),
      ],
      [],
    )
  }))

test('a run that is told to stop completes the revision it is at', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: 'create table a ();',
      b: 'create table b ();',
      c: 'create table c ();',
    })
    await upgrade(project.settings, { targets: ['a'] })
    const stop = new AbortController()
    const run = upgrade(
      project.settings,
      { ...heads, interruption: { stop: stop.signal, cancel: new AbortController().signal } },
      { onStepStarted: step => step.revision === 'b' && stop.abort('SIGINT') },
    )
    await t.throwsAsync(run, { instanceOf: RunInterruptedError })
    t.is(await appliedIn(sql), 'a b')
  }))

test('what a failed index build left is dropped before it is built again', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: 'create schema "Shop";\ncreate table "Shop".t (id int);\ninsert into "Shop".t values (1), (1);',
      b: {
        up: 'create unique index concurrently if not exists "T Id" on only "Shop".t (id);\ncreate table done ();',
        header: 'transaction: off',
      },
    })
    await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_INCOMPLETE' })
    t.is((await sql`select from pg_index where not indisvalid`).length, 1)
    await sql`delete from "Shop".t where ctid = (select min(ctid) from "Shop".t)`
    await upgrade(project.settings, heads)
    t.is(await appliedIn(sql), 'a b')
    t.is(
      (await sql`select from pg_index where indexrelid = '"Shop"."T Id"'::regclass and indisvalid`).length,
      1,
    )
  }))

test('an index that was complete when the run died is not built again', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: 'create table t (id int);',
      b: { up: 'create index concurrently t_id on t (id);\nselect 1 / 0;', header: 'transaction: off' },
    })
    await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_INCOMPLETE' })
    await sql`update sqlbraid.revision set statements_done = 0 where revision = 'b'` // as if killed before it was noted
    const before = await sql`select 't_id'::regclass::oid as oid`
    project.write({
      b: { up: 'create index concurrently t_id on t (id);\nselect 1;', header: 'transaction: off' },
    })
    await upgrade(project.settings, heads)
    t.deepEqual([...(await sql`select 't_id'::regclass::oid as oid`)], [...before])
    t.is(await appliedIn(sql), 'a b')
  }))

test('a statement and the record of it are one transaction, where PostgreSQL allows one', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: {
        up: [
          'create table t (id int);',
          'create procedure fill() language plpgsql as $$ begin insert into t values (1); commit; insert into t values (2); end $$;',
          'call fill();',
          'vacuum t;',
          'insert into t values (3);',
        ].join('\n'),
        header: 'transaction: off',
      },
    })
    await upgrade(project.settings, heads)
    t.deepEqual(
      (await sql`select id from t order by id`).map(({ id }) => id),
      [1, 2, 3],
    )
  }))

test('pauses grow to a bound, and are spread', t => {
  const policy = { attempts: 10, firstPauseMs: 500, longestPauseMs: 3000 }
  t.deepEqual(
    [2, 3, 4, 5, 6].map(attempt => pauseBefore(attempt, policy, 1)),
    [500, 1000, 2000, 3000, 3000],
  )
  t.is(pauseBefore(2, policy, 0), 250)
})

test('only failures to get a lock are worth another attempt', t => {
  const failed = (sqlState: string) =>
    new ScriptRunError('', { phase: 'script', server: { severity: 'ERROR', sqlState, message: '' } })
  t.true(isLockFailure(failed('55P03')))
  t.true(isLockFailure(failed('40P01')))
  t.false(isLockFailure(failed('57014')))
  t.false(isLockFailure(new ScriptRunError('', { phase: 'verify' })))
})

/** Locks the table `held` in a transaction that stays open until the function that is given is called. */
async function holdTable(sql: import('postgres').Sql): Promise<() => void> {
  const connection = await sql.reserve()
  await connection`begin`
  await connection`lock table held in access share mode`
  return () => {
    connection`rollback`.then(() => connection.release())
  }
}
