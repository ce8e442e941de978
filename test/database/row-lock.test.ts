import test from 'ava'
import { resolve } from '../../src/actions/resolve.ts'
import { stamp } from '../../src/actions/stamp.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import type { LedgerHolder } from '../../src/errors/database-errors.ts'
import { withDatabase } from '../support/database.ts'
import { appliedIn, eventsIn } from '../support/ledger-rows.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const HISTORY = {
  a: 'create table done (id text);',
  b: { up: 'create index concurrently done_id on done (id);', header: 'transaction: off' },
  c: "insert into done values ('c');",
  d: { up: "insert into done values ('d1');\ninsert into done values ('d2');", header: 'transaction: off' },
  e: "insert into done values ('e');",
}

test('runs at once with a row lock apply each revision once, and make the ledger once', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, HISTORY, { lock: 'row' })
    await Promise.all(Array.from({ length: 8 }, () => upgrade(settings, heads)))
    t.is(await appliedIn(sql), 'a b c d e')
    t.deepEqual(
      (await sql`select id from done order by 1`).map(({ id }) => id),
      ['c', 'd1', 'd2', 'e'],
    )
    t.is((await eventsIn(sql)).length, 5)
  }))

test('when another run gets in between, what is left is planned anew', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, HISTORY, { lock: 'row' })
    let isOvertaken = false
    await upgrade(settings, heads, {
      onHook: () => t.fail(),
      onStepDone: async ({ revision }) => {
        if (revision !== 'a' || isOvertaken) return
        isOvertaken = true
      },
    })
    t.is(await appliedIn(sql), 'a b c d e')

    const other = writeProject(t, url, { ...HISTORY, f: 'select 1;', g: 'select 1;' }, { lock: 'row' })
    let overtaking: Promise<unknown> | undefined
    await upgrade(other.settings, heads, {
      onStepStarted: ({ revision }) => {
        if (revision === 'f') overtaking ??= stamp(other.settings, { targets: ['g'] }).catch(() => {})
      },
    })
    await overtaking
    t.is(await appliedIn(sql), 'a b c d e f g')
  }))

test('a row that another transaction holds is waited for, and the holder is named', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: 'select 1;' }, { lock: 'row' })
    await upgrade(project.settings, heads)
    project.write({ b: 'create table b ();' })
    const holder = await sql.reserve()
    await holder`begin`
    await holder`select from sqlbraid.version for update`
    const waitedFor: (LedgerHolder | undefined)[] = []
    await upgrade(project.settings, heads, {
      onWaiting: found => {
        waitedFor.push(found)
        void holder`rollback`.then(() => holder.release())
      },
    })
    t.is(waitedFor.length, 1)
    t.true(waitedFor[0] !== undefined && 'pid' in waitedFor[0])
    t.is(await appliedIn(sql), 'a b')
  }))

test('a revision that a dead run has claimed is waited for, and goes on when somebody says that the run is dead', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, HISTORY, { lock: 'row', lock_wait: '0s' })
    await upgrade(settings, { targets: ['c'] })
    await upgrade(settings, { targets: ['d'] })
    await sql`update sqlbraid.revision set state = 'pending', pending_direction = 'up', statements_done = 1,
      run_id = gen_random_uuid() where revision = 'd'`
    await sql`delete from done where id = 'd2'`
    await t.throwsAsync(upgrade(settings, heads), {
      code: 'LOCK_TIMEOUT',
      message: /held by run .* which is at revision d\./,
    })
    await resolve(settings, { revision: 'd', resolution: 'resume' })
    await upgrade(settings, heads)
    t.is(await appliedIn(sql), 'a b c d e')
    t.is((await sql`select from done where id like 'd%'`).length, 2)
  }))

test('a half-way revision whose run has told its failure is gone on with at once', t =>
  withDatabase(t, async ({ url, sql }) => {
    const broken = {
      ...HISTORY,
      d: { up: "insert into done values ('d1');\nnonsense;", header: 'transaction: off' },
    }
    const project = writeProject(t, url, broken, { lock: 'row', lock_wait: '0s' })
    await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_INCOMPLETE' })
    project.write({ d: HISTORY.d })
    await upgrade(project.settings, heads)
    t.is((await sql`select from done where id like 'd%'`).length, 2)
  }))

test('a role is taken in each transaction, also of statements that commit one by one', t =>
  withDatabase(t, async ({ url, sql, name }) => {
    const role = `owner_${name}`
    await sql`create role ${sql(role)}`
    await sql`grant create on database ${sql(name)} to ${sql(role)}`
    await sql`grant create on schema public to ${sql(role)}`
    try {
      const { settings } = writeProject(t, url, HISTORY, { lock: 'row', role })
      await upgrade(settings, heads)
      const owners = await sql`select distinct tableowner from pg_tables
        where schemaname in ('public', 'sqlbraid')`
      t.deepEqual(
        owners.map(({ tableowner }) => tableowner),
        [role],
      )
      const missing = writeProject(t, url, {}, { lock: 'row', role: `no_${name}` }).settings
      await t.throwsAsync(upgrade({ ...settings, role: missing.role }, heads), { code: 'ROLE_REFUSED' })
    } finally {
      await sql`drop owned by ${sql(role)} cascade`
      await sql`drop role ${sql(role)}`
    }
  }))

for (const statement of ['select pg_advisory_unlock_all()', 'discard all']) {
  test(`a script that frees the lock of its run by ${statement} ends the run`, t =>
    withDatabase(t, async ({ url, sql }) => {
      const { settings } = writeProject(t, url, {
        a: 'create table a ();',
        b: { up: `${statement};`, header: statement === 'discard all' ? 'transaction: off' : '' },
        c: 'create table c ();',
      })
      const error = await t.throwsAsync(upgrade(settings, heads), { message: /freed the lock of the run/ })
      t.true(['REVISION_FAILED', 'REVISION_INCOMPLETE'].includes((error as { code?: string })?.code ?? ''))
      t.is(await appliedIn(sql), 'a')
    }))
}
