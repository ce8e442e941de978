import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createConnection, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Host } from '../../../src/database/connection/hosts.ts'
import { openSocket } from '../../../src/database/connection/open-socket.ts'
import { ConnectionError } from '../../../src/errors/connection-errors.ts'

async function listen(t: ExecutionContext, where: string | number, address = '127.0.0.1'): Promise<Server> {
  const server = createServer(socket => socket.end())
  t.teardown(() => server.close())
  await once(typeof where === 'string' ? server.listen(where) : server.listen(where, address), 'listening')
  return server
}

const portOf = (server: Server) => (server.address() as AddressInfo).port

/** A port that nothing listens on any more. */
async function closedPort(t: ExecutionContext): Promise<number> {
  const server = await listen(t, 0)
  const port = portOf(server)
  await new Promise(resolve => server.close(resolve))
  return port
}

function socketHost(folder: string): Host {
  return { path: join(folder, '.s.PGSQL.5432'), folder, port: 5432 }
}

async function open(t: ExecutionContext, hosts: readonly Host[], connectTimeout = 5) {
  const opened = await openSocket({ hosts, connectTimeout })
  t.teardown(() => opened.socket.destroy())
  return opened.host
}

const fails = (t: ExecutionContext, hosts: readonly Host[], connectTimeout = 5) =>
  t.throwsAsync(openSocket({ hosts, connectTimeout }), { instanceOf: ConnectionError })

test('the first host that accepts is taken', async t => {
  const dead = { host: '127.0.0.1', port: await closedPort(t) }
  const live = { host: '127.0.0.1', port: portOf(await listen(t, 0)) }
  t.is(await open(t, [dead, live, dead]), live)
})

test('every address of a name is tried', async t => {
  const live = { host: 'localhost', port: portOf(await listen(t, 0)) }
  t.is(await open(t, [live]), live)
})

test('an address stands in for a name that is not looked up', async t => {
  const live = { host: 'db.invalid', address: '127.0.0.1', port: portOf(await listen(t, 0)) }
  t.is(await open(t, [live]), live)
})

test('a unix socket is a host like any other', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlbraid-socket-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const host = socketHost(folder)
  const missing = await fails(t, [host])
  t.is(missing.code, 'SOCKET_NOT_FOUND')
  t.regex(missing.message, /\.s\.PGSQL\.5432: no such socket/)
  await listen(t, join(folder, '.s.PGSQL.5432'))
  t.is(await open(t, [host]), host)
})

test('a refused connection says where, and how to look', async t => {
  const port = await closedPort(t)
  const error = await fails(t, [{ host: '127.0.0.1', port }])
  t.is(error.code, 'CONNECTION_REFUSED')
  t.true(error.message.includes(`127.0.0.1:${port}: connection refused`))
  t.deepEqual(error.suggestions, [`pg_isready -h 127.0.0.1 -p ${port}`])
})

test('a host that does not exist is told from one that refuses, and all attempts are listed', async t => {
  const error = await fails(t, [
    { host: 'db.invalid', port: 1 },
    { host: '127.0.0.1', port: await closedPort(t) },
  ])
  t.is(error.code, 'CONNECTION_FAILED')
  t.deepEqual(
    error.attempts.map(({ failure }) => failure),
    ['HOST_NOT_FOUND', 'CONNECTION_REFUSED'],
  )
})

test('a host that never answers is given up after connect_timeout', async t => {
  const error = await fails(t, [{ host: '127.0.0.1', port: await deafPort(t) }], 1)
  t.is(error.code, 'CONNECTION_TIMEOUT')
})

test('an abort ends the waiting with its own reason', async t => {
  const controller = new AbortController()
  const host = { host: '127.0.0.1', port: await deafPort(t) }
  const opening = openSocket({ hosts: [host], connectTimeout: 60 }, controller.signal)
  const reason = new Error('enough')
  controller.abort(reason)
  t.is(await t.throwsAsync(opening), reason)
})

/** A port where connections are neither accepted nor refused: its owner is stopped, and its queue is full. */
async function deafPort(t: ExecutionContext): Promise<number> {
  const listen = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port) })`
  const owner = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => owner.kill('SIGKILL'))
  const [printed] = await once(owner.stdout, 'data')
  const port = Number(String(printed))
  owner.kill('SIGSTOP')
  const waiting = [1, 2, 3].map(() => createConnection(port, '127.0.0.1').on('error', () => {}))
  t.teardown(() => {
    for (const socket of waiting) socket.destroy()
  })
  await Promise.all(waiting.slice(0, 2).map(socket => once(socket, 'connect')))
  return port
}
