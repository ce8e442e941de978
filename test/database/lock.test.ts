import test from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { type LedgerHolder, type LockHolder, LockTimeoutError } from '../../src/errors/database-errors.ts'
import { lockKey } from '../../src/ledger/lock-key.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { type TestDatabase, withDatabase } from '../support/database.ts'
import { driverFor } from '../support/driver.ts'
import { appliedIn, eventsIn } from '../support/ledger-rows.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }

/** Holds the lock of a ledger in another session while `use` runs; `release` ends that session. */
async function holdingLock(
  { url }: TestDatabase,
  schema: string,
  use: (release: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const holder = driverFor(url)
  const release = () => holder.end({ timeout: 1 })
  try {
    await holder.unsafe(`set application_name = 'the other run'; select pg_advisory_lock(${lockKey(schema)})`)
    await use(release)
  } finally {
    await release()
  }
}

test('runs at once apply each revision once, one after the other', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, {
      a: 'create table a (id int);',
      b: { up: 'create index concurrently on a (id);', header: 'transaction: off' },
      c: 'insert into a values (1);',
    })
    const reports = await Promise.all([1, 2, 3, 4].map(() => upgrade(settings, heads)))
    t.deepEqual(reports.map(({ steps }) => steps.length).sort(), [0, 0, 0, 3])
    t.is(await appliedIn(sql), 'a b c')
    t.deepEqual(await eventsIn(sql), ['upgrade a done', 'upgrade b done', 'upgrade c done'])
    t.is((await sql`select from a`).length, 1)
  }))

test('a run waits for the lock, says who holds it, and goes on when it is free', t =>
  withDatabase(t, async database => {
    const { settings } = writeProject(t, database.url, { a: 'create table a ();' })
    await holdingLock(database, 'sqlbraid', async release => {
      const waitedFor: (LedgerHolder | undefined)[] = []
      const report = await upgrade(settings, heads, {
        onWaiting: holder => {
          waitedFor.push(holder)
          void release()
        },
      })
      t.is(report.steps.length, 1)
      t.like(waitedFor[0], { application: 'the other run' })
      t.regex((waitedFor[0] as LockHolder).since, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    })
  }))

test('the ledger is read again once the lock is had', t =>
  withDatabase(t, async database => {
    const project = writeProject(t, database.url, { a: 'create table a ();' })
    await upgrade(project.settings, heads)
    project.write({ b: 'select 1;' })
    await holdingLock(database, 'sqlbraid', async release => {
      const onWaiting = () => {
        void database.sql`update sqlbraid.revision set revision = 'new'`.then(release)
      }
      await t.throwsAsync(upgrade(project.settings, heads, { onWaiting }), {
        code: 'UNKNOWN_REVISIONS',
        message: /: new\.$/,
      })
    })
  }))

test('a lock that is not had in time is an error that names its holder; nothing has changed', t =>
  withDatabase(t, async database => {
    const { settings } = writeProject(t, database.url, { a: 'create table a ();' }, { lock_wait: '0s' })
    await holdingLock(database, 'sqlbraid', async () => {
      const error = await t.throwsAsync(upgrade(settings, heads), { instanceOf: LockTimeoutError })
      t.is(error.code, 'LOCK_TIMEOUT')
      t.like(error.holder, { application: 'the other run' })
      t.regex(error.message, /held by pid \d+, the other run/)
    })
    t.is((await database.sql`select from pg_namespace where nspname = 'sqlbraid'`).length, 0)
  }))

test('the lock of one ledger does not hold up another, and no other lock holds up this one', t =>
  withDatabase(t, async database => {
    const project = (ledger_schema: string): Settings =>
      writeProject(t, database.url, { a: 'select 1;' }, { ledger_schema, lock_wait: '0s' }).settings
    await holdingLock(database, 'one', async () => {
      t.is((await upgrade(project('other'), heads)).steps.length, 1)
      await t.throwsAsync(upgrade(project('one'), heads), { code: 'LOCK_TIMEOUT' })
    })
    t.is((await upgrade(project('one'), heads)).steps.length, 1)
  }))

test('the lock is free after a run that failed', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, { a: 'nonsense;' })
    await t.throwsAsync(upgrade(settings, heads), { code: 'REVISION_FAILED' })
    t.is(
      (
        await sql`select from pg_locks where locktype = 'advisory' and database =
      (select oid from pg_database where datname = current_database())`
      ).length,
      0,
    )
  }))
