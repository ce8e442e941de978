import test from 'ava'
import { withDatabase as withSession } from '../../src/database/open-database.ts'
import { waitingFor } from '../../src/database/wait-for-database.ts'
import { ConnectionError, type ConnectionFailure } from '../../src/errors/connection-errors.ts'
import {
  ConnectionFailedError,
  ConnectionRefusedByServerError,
  DatabaseWaitTimeoutError,
} from '../../src/errors/database-errors.ts'
import { readSettings } from '../../src/settings/settings.ts'
import { debianServer } from '../support/debian-server.ts'

/** Settings for a server on a unix socket that nothing listens on, unless it is started. */
function settingsFor(url: string, seconds: string) {
  return readSettings({ url, values: { wait_for_database: seconds } }, { cwd: '/tmp', env: {} })
}

test('a server that is started later is waited for, and what is wrong is said once', async t => {
  const server = debianServer(t)
  if (server === undefined) return
  const heard: string[] = []
  const onUnreachable = (reason: string) => {
    heard.push(reason)
    if (heard.length === 1) server.start()
  }
  const [row] = await withSession(settingsFor(server.url, '60'), { onUnreachable }, session =>
    session.query('select 1 as one'),
  )
  t.is(row?.['one'], 1)
  t.regex(heard[0] ?? '', /no such socket \(is a server running there\?/)
  t.is(new Set(heard).size, heard.length)
})

test('after the time the last try is what is told', async t => {
  const nowhere = 'postgresql:///shop?host=/nonexistent&user=postgres'
  const error = await t.throwsAsync(
    withSession(settingsFor(nowhere, '300ms'), {}, async () => {}),
    { instanceOf: DatabaseWaitTimeoutError },
  )
  t.regex(error.message, /^Gave up waiting for shop on .* after 0\.3 s\. .*no such socket/)
  t.is((error.cause as ConnectionError).code, 'SOCKET_NOT_FOUND')
  t.deepEqual(error.suggestions, ['pg_isready -h /nonexistent -p 5432'])
})

test('without a wait the first try decides', async t => {
  const nowhere = 'postgresql:///shop?host=/nonexistent&user=postgres'
  await t.throwsAsync(
    withSession(settingsFor(nowhere, '0'), {}, async () => {}),
    { code: 'SOCKET_NOT_FOUND' },
  )
})

const unreachable = (failure: ConnectionFailure) =>
  new ConnectionError([{ address: 'db:5432', failure, reason: failure }], [])
const refused = (sqlState: string) =>
  new ConnectionRefusedByServerError('shop', { severity: 'FATAL', sqlState, message: sqlState })
const failed = (code: string) =>
  new ConnectionFailedError('shop', code, { cause: Object.assign(new Error(code), { code }) })

/** Whether connecting is tried again after `error`. */
async function isTriedAgain(error: Error): Promise<boolean> {
  let tries = 0
  const connect = async () => {
    tries += 1
    if (tries === 1) throw error
  }
  await waitingFor({ description: 'shop', waitMs: 60_000, onUnreachable: () => {} }, connect).catch(() => {})
  return tries > 1
}

test('what passes by itself is waited for: refusal, start-up, a full server, a name not known yet, a proxy without a server', async t => {
  const passing = [
    unreachable('CONNECTION_REFUSED'),
    unreachable('HOST_NOT_FOUND'),
    refused('57P03'),
    refused('53300'),
    failed('ECONNRESET'),
  ]
  for (const again of await Promise.all(passing.map(isTriedAgain))) t.true(again)
})

test('what does not pass is told at once: a wrong password, a missing database, a bad certificate, a forbidden socket', async t => {
  const lasting = [
    refused('28P01'),
    refused('28000'),
    refused('3D000'),
    failed('CERT_HAS_EXPIRED'),
    unreachable('SOCKET_NOT_PERMITTED'),
  ]
  for (const again of await Promise.all(lasting.map(isTriedAgain))) t.false(again)
})
