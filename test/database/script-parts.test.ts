import test from 'ava'
import { downgrade } from '../../src/actions/downgrade.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { RevisionFailedError } from '../../src/errors/run-errors.ts'
import { withDatabase } from '../support/database.ts'
import { appliedIn, tablesIn } from '../support/ledger-rows.ts'
import { type WrittenRevision, writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const table = 'create table t (id int primary key);'

const passing = { 'a true cell': 'select true', 'no row': 'select false where false', null: 'select null' }

for (const [what, verify] of Object.entries(passing)) {
  test(`a verify script that answers with ${what} lets the revision pass and leaves no trace`, t =>
    withDatabase(t, async ({ url, sql }) => {
      const script = `create table trace (); insert into t values (1); set role pg_monitor; reset role; ${verify};`
      const { settings } = writeProject(t, url, { a: { up: table, verify: script } })
      await upgrade(settings, heads)
      t.is(await appliedIn(sql), 'a')
      t.is(await tablesIn(sql), 't')
      t.is((await sql`select from t`).length, 0)
    }))
}

test('a verify script that answers false undoes the revision and shows the statement', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: { up: table, verify: 'select true;\nselect count(*) > 0 from t;' },
    })
    const error = await t.throwsAsync(upgrade(project.settings, heads), { instanceOf: RevisionFailedError })
    t.like(error, { code: 'REVISION_FAILED', failure: { phase: 'verify' } })
    t.like(error.failure.place, project.find('a.verify.sql', 'select count'))
    t.is(await tablesIn(sql), '')
  }))

test('an error in a verify script undoes the revision and shows the place', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: { up: table, verify: 'select 1 / 0;\nselect missing from t;' },
    })
    const error = await t.throwsAsync(upgrade(project.settings, heads), { instanceOf: RevisionFailedError })
    t.like(error.failure, { phase: 'verify', server: { sqlState: '22012' } })
    t.like(error.failure.place, project.find('a.verify.sql', 'select 1'))
    t.is(await tablesIn(sql), '')
  }))

test('a verify script never hides an error of the script it verifies', t =>
  withDatabase(t, async ({ url }) => {
    const project = writeProject(t, url, { a: { up: 'select missing;', verify: 'select true;' } })
    const error = await t.throwsAsync(upgrade(project.settings, heads), { instanceOf: RevisionFailedError })
    t.is(error.failure.phase, 'script')
    t.like(error.failure.place, project.find('a.up.sql', 'missing'))
  }))

/** Each leaves something behind that would make the next script, or the bookkeeping, go wrong. */
const leftovers: Readonly<Record<string, string>> = {
  'a search path': 'set search_path = nowhere',
  'a search path for the transaction': 'set local search_path = nowhere',
  'a role': 'set role pg_monitor',
  'a session authorization': 'set session authorization pg_monitor',
  'a setting': "set default_transaction_read_only = on; set app.tenant = 'x'; set datestyle = 'german'",
  'a temporary table': 'create temp table t (other text); create temp table revision (other text)',
  'a prepared statement': 'prepare p as select 1',
  'a cursor': 'declare c cursor with hold for select 1',
}

const unspoilt = `
  do $$ begin
    if current_setting('search_path') <> '"$user", public' then raise 'search_path'; end if;
    if current_user <> session_user or current_user = 'pg_monitor' then raise 'role'; end if;
    if coalesce(current_setting('app.tenant', true), '') <> '' then raise 'setting'; end if;
    if current_setting('default_transaction_read_only') = 'on' then raise 'read only'; end if;
    if exists (select from pg_prepared_statements) then raise 'prepared'; end if;
    if exists (select from pg_cursors where name = 'c') then raise 'cursor'; end if;
    if current_setting('lock_timeout') <> '5s' then raise 'lock_timeout %', current_setting('lock_timeout'); end if;
  end $$;
  insert into t values (1);`

for (const [what, statements] of Object.entries(leftovers)) {
  test(`${what} of one script reaches neither the ledger nor the scripts behind it`, t =>
    withDatabase(t, async ({ url, sql }) => {
      const spoil = `set lock_timeout = '1s'; ${statements};`
      const { settings } = writeProject(t, url, {
        a: table,
        b: spoil,
        c: { up: unspoilt, down: 'delete from t;' },
        d: { up: spoil, header: 'transaction: off' },
        e: { up: 'truncate t;', verify: unspoilt },
        f: { up: spoil, verify: unspoilt, down: spoil },
        g: { up: unspoilt, header: 'transaction: off', down: 'delete from t;' },
      })
      await upgrade(settings, heads)
      t.is(await appliedIn(sql), 'a b c d e f g')
      await downgrade(settings, { targets: ['e'] })
      const [{ user, revisions } = {}] = await sql`
        select session_user as user, count(*) filter (where applied_by = session_user)::int as revisions
        from sqlbraid.revision`
      t.is(revisions, 5, `applied by ${user}`)
    }))
}

test('a statement that fails is not made good by a ROLLBACK TO behind it', t =>
  withDatabase(t, async ({ url, sql }) => {
    const up = 'create table t (); savepoint s; select missing; rollback to savepoint s; create table u ();'
    const { settings } = writeProject(t, url, { a: up })
    await t.throwsAsync(upgrade(settings, heads), { code: 'REVISION_FAILED' })
    t.is(await tablesIn(sql), '')
    t.is(await appliedIn(sql), '')
  }))

test('savepoints may be rolled back to', t =>
  withDatabase(t, async ({ url, sql }) => {
    const up = `create table t (); savepoint s; create table u (); rollback work to s; create table v ();`
    await upgrade(writeProject(t, url, { a: up }).settings, heads)
    t.is(await tablesIn(sql), 't v')
  }))

const copy = (header = ''): WrittenRevision => ({
  up: `create table people (id int primary key, name text);
copy people from stdin;
1	Zoë 🐘
2	a\\tb\\\\c
\\.
insert into people values (3, 'three');
copy people (id, name) from stdin with (format csv, header);
id,name
4,"four; -- 'quoted'"
5,
\\.
copy people from stdin;
\\.
insert into people values (6, 'six');`,
  header,
})

for (const mode of ['on', 'off']) {
  test(`COPY data of a script are taken in their place, with "transaction: ${mode}"`, t =>
    withDatabase(t, async ({ url, sql }) => {
      await upgrade(
        writeProject(t, url, { a: copy(`transaction: ${mode}`), b: 'create table b ();' }).settings,
        heads,
      )
      const rows = await sql`select name from people order by id`
      t.deepEqual(
        rows.map(({ name }) => name),
        ['Zoë 🐘', 'a\tb\\c', 'three', `four; -- 'quoted'`, null, 'six'],
      )
      t.is(await appliedIn(sql), 'a b')
    }))
}

test('COPY data larger than a chunk arrive whole', t =>
  withDatabase(t, async ({ url, sql }) => {
    const line = (index: number) => `${index}\t${'🐘x'.repeat(20)}`
    const lines = Array.from({ length: 5000 }, (_, index) => line(index))
    const up = `create table t (id int, text text);\ncopy t from stdin;\n${lines.join('\r\n')}\r\n\\.\n`
    await upgrade(writeProject(t, url, { a: up }).settings, heads)
    const [found] = await sql`
      select count(*)::int, count(*) filter (where text = repeat('🐘x', 20))::int as whole from t`
    t.deepEqual({ ...found }, { count: 5000, whole: 5000 })
  }))

/** The data, and the line of them that is wrong. */
const wrongData = {
  'a value of the wrong type': ['1\n2\nthree\n4', '22P02', 3],
  'an empty line': ['1\n\n3', '22P02', 2],
  'a row that a constraint refuses': ['1\n2\n99\n4', '23514', 3],
  'a key twice, seen after the last line': ['1\n2\n1', '23505', 3],
} as const

for (const [what, [data, sqlState, line]] of Object.entries(wrongData)) {
  for (const mode of ['on', 'off']) {
    test(`COPY data with ${what} fail at their line, with "transaction: ${mode}"`, t =>
      withDatabase(t, async ({ url, sql }) => {
        const up = `create table t (id int primary key check (id < 90));\ncopy t from stdin;\n${data}\n\\.\ncreate table u ();`
        const project = writeProject(t, url, { a: { up, header: `transaction: ${mode}` } })
        const error = await t.throwsAsync(upgrade(project.settings, heads), {
          instanceOf: RevisionFailedError,
        })
        t.is(error.failure.server?.sqlState, sqlState)
        const { file, line: copyLine } = project.find('a.up.sql', 'copy t')
        t.like(error.failure.place, { file, line: copyLine + line, column: 1 })
        t.is(await tablesIn(sql), mode === 'on' ? '' : 't')
      }))
  }
}

test('a COPY whose table is missing fails as any statement does', t =>
  withDatabase(t, async ({ url }) => {
    const project = writeProject(t, url, { a: 'copy missing from stdin;\n1\n\\.\n' })
    const error = await t.throwsAsync(upgrade(project.settings, heads), { instanceOf: RevisionFailedError })
    t.is(error.failure.server?.sqlState, '42P01')
    t.like(error.failure.place, project.find('a.up.sql', 'copy'))
  }))
