import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import test, { type ExecutionContext } from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { exitCodeOf } from '../../src/cli/exit-codes.ts'
import { SqlbraidError } from '../../src/errors/sqlbraid-error.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { withDatabase } from '../support/database.ts'
import { driverFor } from '../support/driver.ts'
import { withEmbeddedProject } from '../support/embedded-project.ts'
import { appliedIn, eventsIn, tablesIn } from '../support/ledger-rows.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const TWO = { a: 'create table a ();', b: 'create table b ();' }

/** The run fails with this code and exit code, in one sentence that names all this. */
async function assertRefused(
  t: ExecutionContext,
  settings: Settings,
  expected: { readonly exit: number; readonly code: string; readonly names: readonly string[] },
): Promise<void> {
  const error = await upgrade(settings, heads).then(
    () => undefined,
    failure => failure,
  )
  if (!(error instanceof SqlbraidError)) return t.fail(`not refused: ${error}`)
  t.is(error.code, expected.code, error.message)
  t.is(exitCodeOf(error), expected.exit)
  for (const name of expected.names) t.true(error.message.includes(name), error.message)
}

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

test('a full disk undoes the revision and leaves a ledger that agrees with the schema', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: TWO.a })
    await upgrade(project.settings, heads)
    project.write({
      b: TWO.b,
      c: { up: 'create table c ();\ncreate table d ();', header: 'transaction: off' },
    })
    await sql.unsafe(`
      create function full_disk() returns trigger language plpgsql as $$ begin
        if new.revision = current_setting('test.full_at') then
          raise exception using errcode = 'disk_full', message = 'could not extend file: No space left on device';
        end if;
        return new;
      end $$;
      create trigger full_disk before insert or update on sqlbraid.revision for each row execute function full_disk()`)
    const fullAt = (revision: string) =>
      sql.unsafe(
        `do $$ begin execute format('alter database %I set test.full_at = ${revision}', current_database()); end $$`,
      )
    await fullAt('b')
    await assertRefused(t, project.settings, {
      exit: 5,
      code: 'REVISION_FAILED',
      names: ['No space left on device'],
    })
    t.is(await appliedIn(sql), 'a')
    t.is(await tablesIn(sql), 'a')
    await fullAt('c')
    await assertRefused(t, project.settings, {
      exit: 6,
      code: 'REVISION_INCOMPLETE',
      names: ['No space left'],
    })
    t.is(await tablesIn(sql), 'a b')
    await fullAt('none')
    await upgrade(project.settings, heads)
    t.is(await appliedIn(sql), 'a b c')
    t.deepEqual((await eventsIn(sql)).slice(1), [
      'upgrade b failed',
      'upgrade b done',
      'upgrade c failed',
      'upgrade c done',
    ])
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
