import test from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { StatementError } from '../../src/errors/database-errors.ts'
import { withDatabase } from '../support/database.ts'
import { appliedIn, tablesIn } from '../support/ledger-rows.ts'
import { withSession } from '../support/session.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const suicide = 'select pg_terminate_backend(pg_backend_pid());'

const lost = {
  'in the middle of a script': { a: 'select 1;', b: `create table b (); ${suicide} create table c ();` },
  'in the middle of COPY data': {
    a: 'select 1;',
    b: `create table b (id int);
create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
create trigger die before insert on b for each row execute function die();
copy b from stdin;\n1\n2\n\\.\ncreate table c ();`,
  },
  'outside a transaction': {
    a: 'select 1;',
    b: { up: `${suicide} create table c ();`, header: 'transaction: off' },
  },
}

for (const [when, revisions] of Object.entries(lost)) {
  test(`a connection lost ${when} ends the run, and nothing of it goes on in another session`, t =>
    withDatabase(t, async ({ url, sql }) => {
      const { settings } = writeProject(t, url, { ...revisions, z: 'create table z ();' })
      await upgrade(settings, { targets: ['a'] })
      await t.throwsAsync(upgrade(settings, heads), { code: 'SESSION_LOST' })
      t.is(await appliedIn(sql), 'a')
      t.is(await tablesIn(sql), '')
      const others = await sql`
        select from pg_stat_activity where datname = current_database() and application_name = 'sqlbraid'`
      t.is(others.length, 0)
    }))
}

test('after a loss everything that is asked of the session fails', t =>
  withDatabase(t, ({ url }) =>
    withSession(url, async session => {
      await t.throwsAsync(session.query(suicide), { code: 'SESSION_LOST' })
      await t.throwsAsync(session.query('select 1'), { code: 'SESSION_LOST' })
      await t.throwsAsync(session.pipeline(['select 1', 'select 2']), { code: 'SESSION_LOST' })
      await t.throwsAsync(session.copyIn('copy t from stdin', ['1\n']), { code: 'SESSION_LOST' })
    }),
  ))

test('to say goodbye to a server that has ended the session is no error', t =>
  withDatabase(t, ({ url, sql }) =>
    withSession(url, async session => {
      await sql`select pg_terminate_backend(${session.server.backendPid})`
      await t.notThrowsAsync(session.leave())
      await t.throwsAsync(session.query('select 1'))
    }),
  ))

test('a pipeline gives the answers in order, and the first failure with its index', t =>
  withDatabase(t, ({ url }) =>
    withSession(url, async session => {
      const answers = await session.pipeline(['select 1, 2', 'select where false', "values ('a'), ('b')"])
      t.deepEqual(
        answers.map(rows => rows.map(row => [...row])),
        [[[1, 2]], [], [['a'], ['b']]],
      )
      const error = await t.throwsAsync(session.pipeline(['select 1', 'select 1/0', 'nonsense']), {
        instanceOf: StatementError,
      })
      t.is(error.textIndex, 1)
      t.is(error.server.sqlState, '22012')
      const rows = await session.query('select 1 as one; select 2 as two')
      t.deepEqual([...rows], [{ two: 2 }])
    }),
  ))

test('COPY after COPY, refused or not, finds the session in order', t =>
  withDatabase(t, ({ url }) =>
    withSession(url, async session => {
      await session.query('create temp table t (id int primary key)')
      const copy = (...data: string[]) => session.copyIn('copy t from stdin', data)
      await copy('1\n', '2\n')
      await t.throwsAsync(copy('3\nx\n', '4\n'), { code: 'SQL_ERROR', message: /integer: "x"/ })
      await t.throwsAsync(copy('3\n3\n'), { code: 'SQL_ERROR', message: /duplicate key/ })
      await t.throwsAsync(
        copy(`${'x'.repeat(100)}\n`, ...Array.from({ length: 2000 }, () => 'y'.repeat(1000))),
        {
          code: 'SQL_ERROR',
        },
      )
      await copy()
      await copy('3\n')
      const [row] = await session.query('select count(*)::int from t')
      t.is(row?.['count'], 3)
    }),
  ))

test('what the server says of itself is read at login', t =>
  withDatabase(t, async ({ url, sql, name }) => {
    await sql.unsafe(`alter database ${name} set standard_conforming_strings = off`)
    await withSession(url, async ({ server }) => {
      t.like(server, {
        database: name,
        isStandby: false,
        isReadOnly: false,
        standardConformingStrings: false,
      })
    })
  }))
