import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import test, { type ExecutionContext } from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { driverFor } from '../support/driver.ts'
import { withEmbeddedProject } from '../support/embedded-project.ts'
import { appliedIn, eventsIn, tablesIn } from '../support/ledger-rows.ts'
import { assertRefused } from '../support/refused-run.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const TWO = { a: 'create table a ();', b: 'create table b ();' }

test('a database that is read-only is refused before anything is tried', t =>
  withDatabase(t, async ({ url, sql, name }) => {
    await sql`alter database ${sql(name)} set default_transaction_read_only = on`
    const { settings } = writeProject(t, url, TWO)
    await assertRefused(t, settings, { exit: 1, code: 'READ_ONLY_DATABASE', names: ['read-only'] })
    t.is(await tablesIn(sql), '')
  }))

test('a server without a free connection says so', t =>
  withDatabase(t, async ({ url, sql, name }) => {
    const role = `crowded_${name}`
    await sql`create role ${sql(role)} login connection limit 0`
    try {
      const as = new URL(url)
      if (as.searchParams.has('user')) as.searchParams.set('user', role)
      else as.username = role
      const { settings } = writeProject(t, as.href, TWO)
      await assertRefused(t, settings, {
        exit: 9,
        code: 'TOO_MANY_CONNECTIONS',
        names: ['too many connections'],
      })
    } finally {
      await sql`drop role ${sql(role)}`
    }
  }))

test('a password that has expired is a failed authentication', t =>
  withEmbeddedProject(async ({ hold }) => {
    const { server } = await hold({ transport: 'loopback', settings: { fsync: 'off' } })
    const sql = driverFor(server.url)
    await sql`create role late login password 'secret' valid until '2001-01-01'`
    await sql.end()
    const url = new URL(server.url)
    url.username = 'late'
    url.password = 'secret'
    const { settings } = writeProject(t, url.href, TWO)
    await assertRefused(t, settings, { exit: 9, code: 'AUTHENTICATION_FAILED', names: ['late'] })
  }))

test('a server without TLS is taken where TLS is preferred, and refused where it is required', t =>
  withEmbeddedProject(async ({ hold }) => {
    const { server } = await hold({ transport: 'loopback', settings: { fsync: 'off' } })
    const settingsWith = (mode: string) => {
      const url = new URL(server.url)
      url.searchParams.set('sslmode', mode)
      return writeProject(t, url.href, TWO).settings
    }
    await assertRefused(t, settingsWith('require'), {
      exit: 9,
      code: 'CONNECTION_FAILED',
      names: ['the server does not support TLS'],
    })
    t.is((await upgrade(settingsWith('prefer'), heads)).steps.length, 2)
  }))

test('a certificate that nobody known has signed ends the connection', async t => {
  const { root } = writeProject(t, 'postgres://unused', {}).settings
  try {
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=elsewhere'].concat([
        '-keyout',
        join(root, 'key.pem'),
        '-out',
        join(root, 'certificate.pem'),
      ]),
      { stdio: 'ignore' },
    )
  } catch {
    t.log('skipped: openssl is not installed')
    return t.pass()
  }
  const port = await tlsServer(
    t,
    readFileSync(join(root, 'key.pem')),
    readFileSync(join(root, 'certificate.pem')),
  )
  for (const [sslmode, names] of [
    ['verify-full&sslrootcert=system', ['certificate']],
    [`verify-full&sslrootcert=${join(root, 'certificate.pem')}`, ['localhost']],
  ] as const) {
    const url = `postgres://alice@localhost:${port}/shop?sslmode=${sslmode}`
    await assertRefused(t, writeProject(t, url, TWO).settings, { exit: 9, code: 'CONNECTION_FAILED', names })
  }
})

test('a file that was changed, and a revision that is not here, are refused before anything is tried', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: TWO.a })
    await upgrade(project.settings, heads)
    project.write({ a: 'create table other ();', b: TWO.b })
    const changed = { exit: 8, code: 'CHANGED_REVISIONS', names: ['a.up.sql'] }
    await assertRefused(t, project.settings, changed)
    const elsewhere = writeProject(t, url, { b: TWO.b }).settings
    await assertRefused(t, elsewhere, { exit: 8, code: 'UNKNOWN_REVISIONS', names: ['a'] })
    t.is(await appliedIn(sql), 'a')
    t.is(await tablesIn(sql), 'a')
    t.deepEqual(await eventsIn(sql), ['upgrade a done'])
  }))

/** A server that speaks as much of PostgreSQL's protocol as it takes to begin TLS. */
async function tlsServer(t: ExecutionContext, key: Buffer, cert: Buffer): Promise<number> {
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write('S')
      new TLSSocket(socket, { isServer: true, key, cert }).on('error', () => {}).resume()
    })
  })
  await once(server.listen(0, 'localhost'), 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}
