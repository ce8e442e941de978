import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { EmbeddedServerFailedError } from '../../errors/embedded-errors.ts'
import { serverAccount } from './account.ts'
import { locateBinaries } from './binaries.ts'
import { checkDataVersion, dataDirectoryIn, type ServerSettings } from './cluster.ts'
import { findHome } from './home.ts'
import type { KeeperAnswer } from './keeper-leases.ts'
import { newestKeeper } from './keeper-turn.ts'
import { isListening, knock } from './knock.ts'
import { type KeeperOrder, withLaunchedKeeper } from './launch.ts'
import type { EmbeddedServer, Transport } from './postgres-server.ts'
import { logFileIn } from './server-log.ts'

/** Which server, and how to start it when it does not run; a running one is taken as it is. */
export interface EmbeddedServerOptions {
  /** The folder (`.sqlbraid`) that keeps its data, log and keeper's records; made when missing. */
  readonly folder: string
  /** Further settings of PostgreSQL, such as `fsync: 'off'` for tests. */
  readonly settings?: ServerSettings
  /** By default a private unix socket, and loopback on Windows. */
  readonly transport?: Transport
}

/** A server that runs at least until it is released, or until this process ends in any way. */
export interface LeasedServer extends EmbeddedServer {
  /** Resolves when the lease is over: it was released, or the server is gone. */
  readonly ended: Promise<unknown>
  /** Gives the lease back. The server stops when it was the last, without being waited for. */
  release(): Promise<void>
}

/** Gives `use` a running embedded server, and lets go of it afterwards. See `leaseEmbeddedServer`. */
export async function withEmbeddedServer<T>(
  options: EmbeddedServerOptions,
  use: (server: EmbeddedServer) => Promise<T>,
): Promise<T> {
  const { release, ended: _, ...server } = await leaseEmbeddedServer(options)
  try {
    return await use(server)
  } finally {
    await release()
  }
}

/**
 * Leases the PostgreSQL server whose data lie in `options.folder`: the one that runs there, else a new one, made with
 * an empty database `sqlbraid` when there are no data yet. The lease does not keep this process alive.
 * Throws EmbeddedPackageMissingError, EmbeddedVersionMismatchError, EmbeddedAccountMissingError, and
 * EmbeddedServerFailedError with the end of the log when the server does not come up.
 */
export async function leaseEmbeddedServer(options: EmbeddedServerOptions): Promise<LeasedServer> {
  const folder = resolve(options.folder)
  try {
    for (;;) {
      const lease = (await joinKeeper(folder)) ?? (await launchKeeper({ ...options, folder }))
      if (lease) return lease
    }
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new EmbeddedServerFailedError(error.message, logFileIn(folder), '', { cause: error })
  }
}

/** A lease from the keeper that runs; undefined when none does, or when it was stopping (and now has stopped). */
async function joinKeeper(folder: string): Promise<LeasedServer | undefined> {
  const keeper = await newestKeeper(folder)
  const socket = keeper && (await knock({ path: keeper.address }))
  const answer = socket && (await answerFrom(socket))
  if (socket === undefined || answer === undefined) return undefined
  if ('failure' in answer) {
    socket.destroy()
    throw new EmbeddedServerFailedError(answer.failure.reason, logFileIn(folder), answer.failure.logEnd)
  }
  socket.unref()
  const ended = new Promise(resolve => socket.once('close', resolve))
  return { ...answer.server, ended, release: () => closeLease(socket) }
}

async function launchKeeper(options: EmbeddedServerOptions): Promise<LeasedServer | undefined> {
  const order = await orderKeeper(options)
  return withLaunchedKeeper(order, () => joinKeeper(order.folder))
}

/** All that can be found wrong without writing anything is found here, in the process that can say it best. */
async function orderKeeper({
  folder,
  settings = {},
  transport,
}: EmbeddedServerOptions): Promise<KeeperOrder> {
  const binaries = locateBinaries([join(dirname(folder), 'package.json'), import.meta.url])
  const home = findHome(folder)
  checkDataVersion(home, binaries.major)
  const account = serverAccount(dataDirectoryIn(home))
  await mkdir(folder, { recursive: true })
  const fallback = process.platform === 'win32' ? 'loopback' : 'socket'
  return { folder, binaries, ...(account && { account }), settings, transport: transport ?? fallback }
}

/** The keeper's line; undefined when it closes the connection without one. */
function answerFrom(socket: Socket): Promise<KeeperAnswer | undefined> {
  return new Promise(resolve => {
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.endsWith('\n')) resolve(JSON.parse(text))
    })
    socket.once('close', () => resolve(undefined))
  })
}

async function closeLease(socket: Socket): Promise<void> {
  if (socket.closed) return
  socket.ref()
  socket.end()
  await once(socket, 'close')
}

/** Whether a server runs in `folder`, kept by some command. */
export async function isServerKept(folder: string): Promise<boolean> {
  const keeper = await newestKeeper(resolve(folder))
  return keeper !== undefined && (await isListening({ path: keeper.address }))
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
