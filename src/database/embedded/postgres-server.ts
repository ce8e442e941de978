import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import {
  DATABASE,
  dataDirectoryIn,
  passwordIn,
  type ServerSettings,
  SUPERUSER,
  settingArguments,
} from './cluster.ts'
import { readPidFile } from './pid-file.ts'
import { endOf, runProgram, startProgram } from './run-program.ts'

/** How the server is reached: a private unix socket, or loopback with a random port and a password. */
export type Transport = 'socket' | 'loopback'

/** A running server, and how to connect to it. */
export interface EmbeddedServer {
  /** As libpq and psql take it. */
  readonly url: string
  /** The folder of the unix socket, or the loopback address. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  /** Over loopback only. */
  readonly password?: string
  /** Such as `18.4`. */
  readonly version: string
  readonly dataDirectory: string
}

/** What a start needs. */
export interface ServerStart {
  readonly home: string
  readonly binaries: Binaries
  readonly account: Account | undefined
  readonly transport: Transport
  readonly settings: ServerSettings
  /** The private folder for the unix socket. */
  readonly runtimeFolder: string
}

/** The server together with its process. */
export interface RunningServer {
  readonly server: EmbeddedServer
  /** Resolves when the process is gone, whoever ended it. */
  readonly exited: Promise<void>
  /** Ends the open connections and the server, with all data on disk. */
  stop(): Promise<void>
}

const READY_POLL_MS = 5

/** Starts PostgreSQL as a child of this process and waits until it takes connections. Throws when it ends before. */
export async function startPostgres(start: ServerStart): Promise<RunningServer> {
  const server = await describe(start)
  const { binaries, account } = start
  const cwd = server.dataDirectory
  const child = startProgram({
    binaries,
    account,
    program: 'postgres',
    args: serverArguments(start, server),
    cwd,
  })
  const ended = once(child, 'exit')
  const pid = await untilReady(child, ended, server.dataDirectory)
  const exited = ended.then(() => undefined)
  const stop = async () => {
    if (!hasEnded(child)) await requestShutdown(start, pid)
    await exited
  }
  return { server, exited, stop }
}

/** Asks for PostgreSQL's fast shutdown. */
export async function requestShutdown(
  { binaries, account, home }: Pick<ServerStart, 'binaries' | 'account' | 'home'>,
  pid: number,
): Promise<void> {
  if (process.platform !== 'win32') {
    process.kill(pid, 'SIGINT')
    return
  }
  // Windows has no such signal; PostgreSQL brings its own way to send it.
  await runProgram({ binaries, account, program: 'pg_ctl', args: ['kill', 'INT', String(pid)], cwd: home })
}

async function describe({ home, binaries, transport, runtimeFolder }: ServerStart): Promise<EmbeddedServer> {
  const facts = {
    user: SUPERUSER,
    database: DATABASE,
    version: binaries.version.split('.').slice(0, 2).join('.'),
    dataDirectory: dataDirectoryIn(home),
  }
  if (transport === 'socket') {
    const query = new URLSearchParams({ host: runtimeFolder, user: SUPERUSER })
    const host = runtimeFolder
    return { ...facts, url: `postgresql:///${DATABASE}?${query}`, host, port: 5432 }
  }
  const [host, port, password] = ['127.0.0.1', await freePort(), passwordIn(home)]
  const url = `postgresql://${SUPERUSER}:${password}@${host}:${port}/${DATABASE}`
  return { ...facts, url, host, port, password }
}

function serverArguments({ transport, settings }: ServerStart, server: EmbeddedServer): string[] {
  const own = {
    port: String(server.port),
    listen_addresses: transport === 'socket' ? '' : server.host,
    unix_socket_directories: transport === 'socket' ? `"${server.host}"` : '',
    unix_socket_permissions: '0700',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
  }
  return ['-D', server.dataDirectory, ...settingArguments({ ...own, ...settings })]
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

/** The pid file tells when, as it tells `pg_ctl`. Gives the process id. */
async function untilReady(
  child: ChildProcess,
  ended: Promise<unknown[]>,
  dataDirectory: string,
): Promise<number> {
  for (;;) {
    if (hasEnded(child)) {
      await ended
      throw new Error(endOf('postgres', child.exitCode, child.signalCode))
    }
    const pidFile = readPidFile(dataDirectory)
    if (pidFile?.pid === child.pid && pidFile?.status === 'ready') return pidFile.pid
    await pause(READY_POLL_MS)
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}
