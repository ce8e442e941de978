import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { passwordFor, readConnectionOptions } from '../../../src/database/connection/connection-options.ts'

/** What a client says to a server before it is let in. */
interface Login {
  readonly user: string | undefined
  readonly database: string | undefined
  readonly applicationName: string | undefined
  readonly options: string | undefined
  readonly password: string | undefined
}

const SSL_REQUEST = 80877103
const GSS_REQUEST = 80877104
const ASK_FOR_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])

/** A server that asks every client for its password, notes what it said, and hangs up. */
async function recordingServer(t: ExecutionContext) {
  const logins: Login[] = []
  const server = createServer(socket => void record(socket, logins))
  t.teardown(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { port: (server.address() as AddressInfo).port, logins }
}

async function record(socket: Socket, logins: Login[]): Promise<void> {
  let startup: Map<string, string> | undefined
  socket.on('error', () => undefined)
  for await (const packet of socket as AsyncIterable<Buffer>) {
    if (startup !== undefined) {
      logins.push(toLogin(startup, packet.subarray(5, -1).toString()))
      break
    }
    const code = packet.readInt32BE(4)
    if (code === SSL_REQUEST || code === GSS_REQUEST) socket.write('N')
    else {
      const words = packet.subarray(8).toString().split('\0')
      startup = new Map(
        words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : [])),
      )
      socket.write(ASK_FOR_PASSWORD)
    }
  }
  if (startup !== undefined && logins.length === 0) logins.push(toLogin(startup, undefined))
}

function toLogin(startup: ReadonlyMap<string, string>, password: string | undefined): Login {
  return {
    user: startup.get('user'),
    database: startup.get('database'),
    applicationName: startup.get('application_name'),
    options: startup.get('options'),
    password,
  }
}

const hasPsql = spawnSync('psql', ['--version']).status === 0
const compare = hasPsql ? test : test.skip
if (!hasPsql) test('psql is missing: nothing was compared with libpq', t => t.pass())

for (const [conninfo, env] of [
  ['postgres://alice:secret@127.0.0.1:PORT/shop', {}],
  ['postgres://alice:secret@127.0.0.1:PORT', {}],
  ['postgres://127.0.0.1:PORT?user=q&password=a%26b+c', {}],
  ['postgres://%75:%C3%A9%20%40@127.0.0.1:PORT/a%2Fb?application_name=x%3Dy', {}],
  ['postgres://u:p@127.0.0.1:1,127.0.0.1:PORT/d', {}],
  ['postgres://u:p@127.0.0.1:PORT/d?dbname=other&options=-c%20work_mem%3D1MB', {}],
  ['postgres://u:p@127.0.0.1:PORT/', { PGDATABASE: 'env', PGUSER: 'no', PGAPPNAME: 'app' }],
  ['postgres://', { PGHOST: '127.0.0.1', PGPORT: 'PORT', PGPASSWORD: 'env', PGOPTIONS: '-c a=b' }],
  ["host=127.0.0.1 port=PORT user='a b' password='it\\'s' dbname = d", {}],
  ['host=127.0.0.1 port=PORT password=a\\ b\\\\ user=x=y', {}],
  ['hostaddr=127.0.0.1 host=db.invalid port=PORT user=u password=p', {}],
  ['service=shop user=over', { PGUSER: 'no', PGPASSWORD: 'env' }],
  ['postgres:///?service=shop', {}],
  ['dbname=d', { PGSERVICE: 'shop' }],
  ['postgres://pg@127.0.0.1:PORT/first', {}],
  ['postgres://pg@127.0.0.1:PORT/other', {}],
  ['host=localhost hostaddr=127.0.0.1 port=PORT user=loc dbname=d', {}],
] as const) {
  compare(`libpq reads the same: ${conninfo} ${JSON.stringify(env)}`, async t => {
    const { port, logins } = await recordingServer(t)
    const fill = (text: string) => text.replace('PORT', String(port))
    const HOME = homeFolder(t, port)
    const given = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)]))
    const surroundings = { HOME, PGCONNECT_TIMEOUT: '5', PGSYSCONFDIR: HOME, ...given }

    const options = readConnectionOptions(
      { url: fill(conninfo), source: '--url' },
      { env: surroundings, applicationName: 'psql' },
    )
    const host = options.hosts.find(candidate => candidate.port === port)
    await psql(fill(conninfo), { PATH: process.env['PATH'], ...surroundings })

    t.deepEqual(logins[0], {
      user: options.user,
      database: options.database,
      applicationName: options.applicationName,
      options: options.options,
      password: host && passwordFor(options, host),
    })
  })
}

function homeFolder(t: ExecutionContext, port: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'sqlbraid-libpq-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const service = `[no]\nhost=nowhere\n[shop]\nhost=127.0.0.1\nport=${port}\nuser=svc\npassword=of service\ndbname=s\n`
  const passwords = `127.0.0.1:${port}:first:pg:one\\:two:rest\n127.0.0.1:*:*:pg:t\\\\hree\nlocalhost:*:*:*:local\n`
  writeFileSync(join(folder, '.pg_service.conf'), service)
  writeFileSync(join(folder, '.pgpass'), passwords, { mode: 0o600 })
  return folder
}

function psql(conninfo: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise(resolve => {
    execFile('psql', ['-X', '-w', '-c', 'select 1', conninfo], { env }, () => resolve())
  })
}
