import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { readState } from '../../../src/actions/read-state.ts'
import { SqlbraidError } from '../../../src/errors/sqlbraid-error.ts'
import { type Authority, certificateAuthority } from '../../support/certificates.ts'
import { debianServer } from '../../support/debian-server.ts'
import { driverFor } from '../../support/driver.ts'
import { freePort } from '../../support/free-port.ts'
import { runPsql } from '../../support/run-psql.ts'
import { writeProject } from '../../support/written-project.ts'

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

interface TlsServer {
  /** Where it listens, as names that its certificate does, and does not, name. */
  readonly port: number
  readonly own: Authority
  readonly other: Authority
}

/** A server that takes connections with TLS only, and the user alice only with a certificate. */
async function tlsServer(t: ExecutionContext): Promise<TlsServer | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlbraid-tls-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const [own, other] = ['own', 'other'].map(name => certificateAuthority(folder, name))
  if (!own || !other) {
    t.log('skipped: OpenSSL is not installed')
    t.pass()
    return undefined
  }
  const port = await freePort()
  const server = debianServer(t, {
    configuration: [
      `listen_addresses = '127.0.0.1'`,
      `port = ${port}`,
      'ssl = on',
      "ssl_ca_file = 'root.crt'",
    ],
    access: ['hostssl all alice all cert', 'hostssl all all all trust', 'hostnossl all all all reject'],
  })
  if (!server) return undefined
  const { certificate, key } = own.sign('localhost')
  server.adopt({ 'server.crt': certificate, 'server.key': key, 'root.crt': own.root })
  server.start()
  const sql = driverFor(`${server.url}&port=${port}`)
  await sql`create role alice login`
  await sql.end()
  return { port, own, other }
}

/** What came of connecting: the code of the error, if one. */
async function connecting(t: ExecutionContext, url: string): Promise<string | undefined> {
  try {
    await readState(writeProject(t, url, { a: 'select 1;' }).settings)
    return undefined
  } catch (error) {
    if (error instanceof SqlbraidError) return error.code
    throw error
  }
}

test('with each sslmode, root certificate and name, a connection is had where psql has one', async t => {
  const server = await tlsServer(t)
  if (!server) return
  const { port, own, other } = server
  for (const mode of MODES) {
    // What promises no safety is not verified; psql verifies it, and goes on without TLS when that fails.
    const promisesNothing = mode === 'allow' || mode === 'prefer'
    for (const { root } of promisesNothing ? [own] : [own, other]) {
      for (const host of ['localhost', '127.0.0.1']) {
        const url = `postgres://postgres@${host}:${port}/postgres?sslmode=${mode}&sslrootcert=${root}`
        const { code, stderr } = await runPsql(url, 'select 1')
        t.is((await connecting(t, url)) === undefined, code === 0, `${url} ${stderr}`)
      }
    }
  }
})

test('a user that needs a certificate is let in with the right one, and with no other', async t => {
  const server = await tlsServer(t)
  if (!server) return
  const { port, own, other } = server
  const url = `postgres://alice@localhost:${port}/postgres?sslmode=verify-full&sslrootcert=${own.root}`
  const [right, forged, ofBob] = [own.sign('alice'), other.sign('alice'), own.sign('bob')]
  const as = ({ certificate, key }: typeof right) =>
    connecting(t, `${url}&sslcert=${certificate}&sslkey=${key}`)
  t.is(await as(right), undefined)
  t.is(await connecting(t, url), 'AUTHENTICATION_FAILED')
  t.is(await as(ofBob), 'AUTHENTICATION_FAILED')
  t.is(await as(forged), 'CONNECTION_FAILED')
})
