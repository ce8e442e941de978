import test, { type ExecutionContext } from 'ava'
import { resolve } from '../../src/actions/resolve.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import type { Claim, LedgerHolder } from '../../src/errors/database-errors.ts'
import { type TestDatabase, withDatabase } from '../support/database.ts'
import { appliedIn } from '../support/ledger-rows.ts'
import { pgbouncerBefore } from '../support/pgbouncer.ts'
import { type WrittenProject, writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const DEAD_RUN = '00000000-0000-4000-8000-000000000000'

/** The table `done`, and the revision `d`, two statements long, that a run has left after the first without a word. */
async function leftBehind(
  t: ExecutionContext,
  { url, sql }: TestDatabase,
  { second, lockWait = '60s' }: { readonly second: string; readonly lockWait?: string },
): Promise<WrittenProject> {
  const d = { up: `insert into done values ('one');\n${second};`, header: 'transaction: off' }
  const project = writeProject(
    t,
    url,
    {
      a: 'create table done (what text);\ncreate procedure step() as $$ begin commit; end $$ language plpgsql;',
      d,
    },
    { lock: 'row', lock_wait: lockWait },
  )
  await upgrade(project.settings, heads)
  await sql`update sqlbraid.revision set state = 'pending', pending_direction = 'up', statements_done = 1,
    run_id = ${DEAD_RUN} where revision = 'd'`
  await sql`delete from done where what = 'two'`
  return project
}

async function done(sql: TestDatabase['sql']): Promise<string> {
  return (await sql`select what from done order by what`).map(({ what }) => what).join(' ')
}

test('a run goes on with what a dead one has left, says so, and does what is done no more', t =>
  withDatabase(t, async database => {
    const { sql } = database
    const project = await leftBehind(t, database, { second: "insert into done values ('two')" })
    project.write({ e: 'create table e ();' })
    const abandoned: Claim[] = []
    await upgrade(project.settings, heads, { onAbandoned: claim => abandoned.push(claim) })
    t.deepEqual(
      abandoned.map(({ revision, runId }) => `${revision} ${runId}`),
      [`d ${DEAD_RUN}`],
    )
    t.is(await appliedIn(sql), 'a d e')
    t.is(await done(sql), 'one two')
  }))

for (const second of ['call step()', 'do $$ begin commit; end $$']) {
  test(`only a person goes on with a dead run at a statement that may have committed: ${second}`, t =>
    withDatabase(t, async database => {
      const { settings } = await leftBehind(t, database, { second, lockWait: '7s' })
      await t.throwsAsync(upgrade(settings, heads), { code: 'LOCK_TIMEOUT' })
      await resolve(settings, { revision: 'd', resolution: 'resume' })
      await upgrade(settings, heads)
      t.is(await appliedIn(database.sql), 'a d')
    }))
}

for (const statement of [
  "insert into done values ('two')",
  'create index concurrently done_what on done (what)',
]) {
  test(`a run that is long at a statement is not taken for dead: ${statement}`, t =>
    withDatabase(t, async ({ url, sql }) => {
      const project = writeProject(t, url, { a: 'create table done (what text);' }, { lock: 'row' })
      await upgrade(project.settings, heads)
      project.write({ d: { up: `${statement};`, header: 'transaction: off' } })
      const other = await sql.reserve()
      await other`begin`
      await other`lock table done in share mode`
      const { settings } = project
      let isAtWork = () => {}
      const atWork = new Promise<void>(resolve => {
        isAtWork = resolve
      })
      const run = upgrade({ ...settings, lockTimeout: 60_000 }, heads, { onStepStarted: isAtWork })
      await atWork
      const waitedFor: (LedgerHolder | undefined)[] = []
      const onWaiting = (holder: LedgerHolder | undefined) => waitedFor.push(holder)
      await t.throwsAsync(upgrade({ ...settings, lockWait: 7000 }, heads, { onWaiting }), {
        code: 'LOCK_TIMEOUT',
        message: /at revision d\./,
      })
      await other`rollback`
      other.release()
      await run
      t.is(await appliedIn(sql), 'a d')
    }))
}

test('behind PgBouncer, a statement that can have no transaction waits for locks no longer than lock_timeout', t =>
  withDatabase(t, async ({ url, sql }) => {
    const through = await pgbouncerBefore(t, url)
    if (through === undefined) return
    const values = { lock: 'row', lock_timeout: '700ms' }
    const project = writeProject(t, through, { a: 'create table busy (id int);' }, values)
    await upgrade(project.settings, heads)
    project.write({
      b: { up: 'create index concurrently busy_id on busy (id);', header: 'transaction: off' },
    })
    const other = await sql.reserve()
    await other`begin`
    await other`insert into busy values (1)`
    const blockers: string[] = []
    await t.throwsAsync(
      upgrade(project.settings, heads, {
        onBlocked: (_, found) => blockers.push(...found.map(({ query }) => query)),
      }),
      { code: 'REVISION_INCOMPLETE', message: /canceled because of lock_timeout/ },
    )
    t.deepEqual(blockers, ['insert into busy values (1)'])
    await other`rollback`
    other.release()
    await upgrade(project.settings, heads)
    t.is(await appliedIn(sql), 'a b')
    t.is((await sql`select from pg_index where indexrelid = 'busy_id'::regclass and indisvalid`).length, 1)
  }))

test('a run that a person has declared dead, and is not, notices before its next statement', t =>
  withDatabase(t, async ({ url, sql }) => {
    const d = {
      up: "insert into done values ('one');\ninsert into held values (1);\ninsert into done values ('two');",
    }
    const project = writeProject(
      t,
      url,
      { a: 'create table done (what text);\ncreate table held (id int);' },
      { lock: 'row', lock_timeout: '50ms' },
    )
    const { settings } = project
    await upgrade(settings, heads)
    project.write({ d: { ...d, header: 'transaction: off' } })
    const other = await sql.reserve()
    await other`begin`
    await other`lock table held`
    let declared: Promise<unknown> | undefined
    const onRetry = () => {
      declared ??= resolve(settings, { revision: 'd', resolution: 'resume' }).finally(() =>
        other`rollback`.then(() => other.release()),
      )
    }
    await upgrade(settings, heads, { onRetry })
    await declared
    t.is(await appliedIn(sql), 'a d')
    t.is(await done(sql), 'one two')
    t.is((await sql`select from held`).length, 1)
  }))
