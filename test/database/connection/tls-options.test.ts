import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { readConnectionOptions } from '../../../src/database/connection/connection-options.ts'
import { tlsOptions } from '../../../src/database/connection/tls-options.ts'
import { InvalidConnectionError } from '../../../src/errors/connection-errors.ts'

const TCP = { host: 'db', port: 5432 }

function home(t: ExecutionContext, ...files: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'sqlbraid-tls-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, '.postgresql'))
  for (const file of files) writeFileSync(join(folder, '.postgresql', file), file, { mode: 0o600 })
  return folder
}

function tls(HOME: string, parameters: string, host: Parameters<typeof tlsOptions>[1] = TCP) {
  const env = { HOME }
  const given = { url: `host=h user=u ${parameters}`, source: '--url' }
  const { tls } = readConnectionOptions(given, { env, applicationName: 'x' })
  return tlsOptions(tls, host, env)
}

test('prefer is the default, disable is none, and unix sockets never use TLS', t => {
  const folder = home(t)
  t.is(tls(folder, ''), 'prefer')
  t.is(tls(folder, 'sslmode=allow'), 'prefer')
  t.is(tls(folder, 'sslmode=disable'), false)
  t.is(tls(folder, 'sslmode=verify-full', { path: '/tmp/s', folder: '/tmp', port: 1 }), false)
})

test('require does not verify, unless a root certificate is there', t => {
  t.like(tls(home(t), 'sslmode=require'), { rejectUnauthorized: false, host: 'db', servername: 'db' })
  const verified = tls(home(t, 'root.crt'), 'sslmode=require')
  t.like(verified, { rejectUnauthorized: true, ca: Buffer.from('root.crt') })
  t.true(typeof verified === 'object' && verified.checkServerIdentity?.('other', {} as never) === undefined)
})

test('verify-ca lets any name pass, verify-full only the right one', t => {
  const folder = home(t, 'root.crt')
  t.true('checkServerIdentity' in (tls(folder, 'sslmode=verify-ca') as object))
  t.false('checkServerIdentity' in (tls(folder, 'sslmode=verify-full') as object))
})

test('verifying without a root certificate is refused, and system means the public ones', t => {
  const folder = home(t)
  t.throws(() => tls(folder, 'sslmode=verify-ca'), {
    instanceOf: InvalidConnectionError,
    message: /root\.crt, which does not exist/,
  })
  t.throws(() => tls(folder, 'sslmode=verify-full sslrootcert=/no/ca'), { message: /^--url: .*\/no\/ca/ })
  const system = tls(folder, 'sslrootcert=system')
  t.like(system, { rejectUnauthorized: true })
  t.false('ca' in (system as object))
})

test('a client certificate needs its key, which nobody else may read', t => {
  const folder = home(t, 'postgresql.crt', 'postgresql.key')
  const key = join(folder, '.postgresql/postgresql.key')
  t.like(tls(folder, 'sslmode=require sslpassword=p'), {
    cert: Buffer.from('postgresql.crt'),
    key: Buffer.from('postgresql.key'),
    passphrase: 'p',
  })
  chmodSync(key, 0o644)
  t.throws(() => tls(folder, 'sslmode=require'), { message: /others may read the private key/ })
  rmSync(key)
  t.throws(() => tls(folder, 'sslmode=require'), { message: /but not its private key/ })
})

test('an address is checked as such and is not sent as a server name; sslsni=0 sends none', t => {
  const address = tls(home(t), 'sslmode=require', { host: '10.0.0.1', port: 1 })
  t.like(address, { host: '10.0.0.1' })
  t.false('servername' in (address as object))
  t.false('servername' in (tls(home(t), 'sslmode=require sslsni=0') as object))
})

test('protocol versions and direct negotiation are passed on', t => {
  t.like(tls(home(t), 'sslmode=require sslnegotiation=direct ssl_min_protocol_version=TLSv1.3'), {
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['postgresql'],
  })
})
