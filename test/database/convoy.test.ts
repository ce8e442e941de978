import test from 'ava'
import fc from 'fast-check'
import type { SentStatements } from '../../src/database/session.ts'
import { type ServerMessage, StatementError } from '../../src/errors/database-errors.ts'
import { withDatabase } from '../support/database.ts'
import type { driverFor } from '../support/driver.ts'
import { tablesIn } from '../support/ledger-rows.ts'
import { withSession } from '../support/session.ts'

const statements = (...texts: string[]) => texts.map(text => ({ text }))
const transaction = (...texts: string[]) => statements('begin', ...texts, 'commit')

async function failureOf({ done }: SentStatements): Promise<string> {
  const error = await done.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof StatementError ? `${error.textIndex} ${error.server.sqlState}` : 'none'
}

test('what is sent together is done in its order, and each COMMIT commits', t =>
  withDatabase(t, ({ url, sql }) =>
    withSession(url, async session => {
      const first = session.send(transaction('create table a ()', 'create table b ()'))
      const second = first.follow(transaction('drop table a'), { isLast: true })
      await second.done
      await first.done
      t.is(await tablesIn(sql), 'b')
      t.deepEqual([...(await session.query('select 1 as one'))], [{ one: 1 }])
    }),
  ))

test('behind a statement that fails nothing is done, in its transaction or in those behind', t =>
  withDatabase(t, ({ url, sql }) =>
    withSession(url, async session => {
      const first = session.send(transaction('create table a ()'))
      const second = first.follow(transaction('create table b ()', 'select 1/0', 'create table c ()'))
      const third = second.follow(transaction('create table d ()'))
      t.is(await failureOf(first), 'none')
      t.is(await failureOf(second), '2 22012')
      t.is(await failureOf(third), '2 22012')
      await session.rollBack()
      t.is(await tablesIn(sql), 'a')
    }),
  ))

test('a script whose BEGIN fails does not run without its transaction', t =>
  withDatabase(t, ({ url, sql }) =>
    withSession(url, async session => {
      const sent = session.send(statements('begin isolation level nonsense', 'create table a ()', 'commit'))
      t.is(await failureOf(sent), '0 42601')
      await session.rollBack()
      t.is(await tablesIn(sql), '')
    }),
  ))

test('a COMMIT that fails keeps the next transaction from being done, and what is sent after that was heard', t =>
  withDatabase(t, ({ url, sql }) =>
    withSession(url, async session => {
      await session.query(
        'create table p (id int primary key); create table q (id int references p initially deferred)',
      )
      const first = session.send(transaction('insert into q values (1)'), { flushAfter: 2 })
      await first.begun
      const second = first.follow(transaction('create table a ()'))
      t.is(await failureOf(first), '2 23503')
      t.is(await failureOf(second), '2 23503')
      t.is(await failureOf(first.follow(transaction('create table b ()'))), '2 23503')
      t.is(await tablesIn(sql), 'p q')
      await session.send(transaction('create table c ()'), { isLast: true }).done
      t.is(await tablesIn(sql), 'c p q')
    }),
  ))

test('what was sent without a COMMIT is rolled back with the session', t =>
  withDatabase(t, async ({ url, sql }) => {
    await withSession(url, async session => {
      await session.send(statements('begin', 'create table a ()')).done
    })
    t.is(await tablesIn(sql), '')
  }))

test('the first statements are told of before the others are done', t =>
  withDatabase(t, ({ url, sql }) =>
    withSession(url, async session => {
      await sql`create table held ()`
      await sql.begin(async holder => {
        await holder`lock table held`
        const sent = session.send(transaction('create table a ()', 'drop table held'), { flushAfter: 2 })
        await sent.begun
        t.pass()
      })
      await session.rollBack()
    }),
  ))

test('the first cell of an answer is given where it is asked for, with its type', t =>
  withDatabase(t, ({ url }) =>
    withSession(url, async session => {
      const texts = [
        'select false, 1',
        'values (null::bool), (true)',
        'select',
        'select 1 where false',
        'select 2',
        'begin',
      ]
      const asked = texts.map((text, index) => ({ text, isAsked: index !== 4 }))
      t.deepEqual(await session.send(asked, { isLast: true }).done, [
        { type: 16, value: 'f' },
        { type: 16, value: null },
        { type: undefined, value: null },
        undefined,
        undefined,
        undefined,
      ])
    }),
  ))

test('answers of any size, the data of a COPY to stdout and statements without one are passed over', t =>
  withDatabase(t, ({ url }) =>
    withSession(url, async session => {
      const texts = [
        "select repeat('x', 3000000)",
        'copy (select generate_series(1, 100000)) to stdout',
        '',
        '-- nothing',
      ]
      const sent = session.send([...statements(...texts), { text: 'select 7', isAsked: true }], {
        isLast: true,
      })
      t.deepEqual((await sent.done).at(-1), { type: 23, value: '7' })
    }),
  ))

test('notices are heard by whom the statements belong to, in their order and with their fields', t =>
  withDatabase(t, ({ url }) =>
    withSession(url, async session => {
      const heard: string[] = []
      const hear = (who: string) => (notice: ServerMessage) =>
        heard.push(`${who} ${notice.severity} ${notice.sqlState} ${notice.message} ${notice.hint ?? ''}`)
      session.onNotice(hear('session'))
      const raise = (text: string) => `do $$begin raise warning '${text}' using hint = 'bröd'; end$$`
      const first = session.send(statements(raise('one'), 'select 1', raise('two')))
      const second = first.follow(statements(raise('three')), { onNotice: hear('second'), isLast: true })
      await second.done
      t.deepEqual(heard, [
        'session WARNING 01000 one bröd',
        'session WARNING 01000 two bröd',
        'second WARNING 01000 three bröd',
      ])
    }),
  ))

test('a COPY that was sent without its data takes nothing for them, and nothing is done', t =>
  withDatabase(t, ({ url, sql }) =>
    withSession(url, async session => {
      const copying = session.send(
        statements('begin', 'create table t (id text)', 'copy t from stdin', 'commit'),
      )
      await t.throwsAsync(copying.done, { code: 'SESSION_LOST' })
      t.is(await tablesIn(sql), '')
    }),
  ))

test('a connection that is lost fails whatever is under way, and whatever is sent later', t =>
  withDatabase(t, ({ url }) =>
    withSession(url, async session => {
      const sent = session.send(statements('select pg_terminate_backend(pg_backend_pid())', 'select 1'))
      const following = sent.follow(statements('select 2'))
      for (const { done } of [sent, following, session.send(statements('select 3'))])
        await t.throwsAsync(done, { code: 'SESSION_LOST' })
    }),
  ))

/** Transactions of one insert each, some of which fail, and where. */
const arbitrary = fc.array(fc.constantFrom('', '', '', 'begin', 'insert', 'commit'), {
  minLength: 1,
  maxLength: 12,
})

function inserting(number: number, failing: string): { text: string }[] {
  return statements(
    failing === 'begin' ? 'begin nonsense' : 'begin',
    failing === 'insert' ? 'insert into done values (null)' : `insert into done values (${number})`,
    failing === 'commit' ? 'insert into late values (-1)' : 'select 1',
    'commit',
  )
}

test('whatever fails, and whenever more is sent, what was done is all before the first failure', t =>
  withDatabase(t, ({ url, sql }) =>
    withSession(url, async session => {
      await session.query(`create table done (number int primary key);
        create table late (number int references done initially deferred)`)
      await fc.assert(
        fc.asyncProperty(arbitrary, fc.array(fc.nat(3)), async (failings, waits) => {
          await sql`truncate done, late`
          let sent: SentStatements | undefined
          for (const [index, failing] of failings.entries()) {
            const options = { flushAfter: 3, isLast: index === failings.length - 1 }
            const next = inserting(index, failing)
            const before: SentStatements | undefined = sent
            sent = before ? before.follow(next, options) : session.send(next, options)
            if (waits[index] === 0) await sent.begun.catch(() => {})
            if (waits[index] === 1) await sent.done.catch(() => {})
          }
          await sent?.done.catch(() => {})
          await session.rollBack()
          const firstFailure = failings.findIndex(failing => failing !== '')
          t.is(await doneIn(sql), firstFailure === -1 ? failings.length : firstFailure)
        }),
        { numRuns: 60 },
      )
    }),
  ))

async function doneIn(sql: ReturnType<typeof driverFor>): Promise<number> {
  const [row] = await sql`select count(*)::int, coalesce(max(number) + 1, 0) as next from done`
  return row?.['count'] === row?.['next'] ? Number(row?.['count']) : Number.NaN
}
