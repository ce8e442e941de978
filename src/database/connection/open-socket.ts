import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { createConnection, isIP, isIPv4, type NetConnectOpts, type Socket } from 'node:net'
import {
  type ConnectionAttempt,
  ConnectionError,
  type ConnectionFailure,
} from '../../errors/connection-errors.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { describeHost } from './describe-connection.ts'
import { type Host, isSocketHost } from './hosts.ts'

/** A connection that is open, and where it leads. */
export interface OpenSocket {
  readonly socket: Socket
  readonly host: Host
}

/**
 * Connects to the first of the hosts that accepts, trying every address of each in turn, `connectTimeout` for each, as libpq does.
 * Throws ConnectionError, which lists what was tried, when none does. An abort destroys what is under way.
 */
export async function openSocket(
  { hosts, connectTimeout }: Pick<ConnectionOptions, 'hosts' | 'connectTimeout'>,
  signal?: AbortSignal,
): Promise<OpenSocket> {
  const failures: Failure[] = []
  for (const host of hosts) {
    for (const address of await addressesOf(host, failures)) {
      signal?.throwIfAborted()
      try {
        return { socket: await connect(host, address, connectTimeout, signal), host }
      } catch (error) {
        signal?.throwIfAborted()
        failures.push(explain(host, address, error))
      }
    }
  }
  throw new ConnectionError(failures, suggestionsFor(failures), { cause: failures.at(-1)?.cause })
}

interface Failure extends ConnectionAttempt {
  readonly host: Host
  readonly cause: unknown
}

/** The addresses of a host (one empty one for a unix socket); a name that cannot be looked up is a failure with none. */
async function addressesOf(host: Host, failures: Failure[]): Promise<readonly string[]> {
  if (isSocketHost(host)) return ['']
  if (host.address !== undefined) return [host.address]
  if (isIPv4(host.host)) return [host.host] // spares the loading of what looks up names
  try {
    const found = await lookup(host.host, { all: true, verbatim: true })
    return found.map(({ address }) => address)
  } catch (error) {
    failures.push(explain(host, '', error))
    return []
  }
}

/** What fits in here leaves in one piece; the driver waits for answers when it does not. Node's types leave it out. */
const ROOM = { writableHighWaterMark: 1024 * 1024 }

async function connect(host: Host, address: string, seconds: number, signal?: AbortSignal): Promise<Socket> {
  const target = isSocketHost(host) ? { path: host.path } : { host: address, port: host.port, noDelay: true }
  const socket = createConnection({ ...target, ...ROOM } as NetConnectOpts)
  const timedOut = Object.assign(new Error(`no answer within ${seconds} s`), { code: 'ETIMEDOUT' })
  const timer = seconds > 0 ? setTimeout(() => socket.destroy(timedOut), seconds * 1000) : undefined
  try {
    await once(socket, 'connect', { ...(signal && { signal }) })
    return socket
  } catch (error) {
    // A late error of a socket that nobody has must not end the process.
    socket.on('error', () => undefined).destroy()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

type Reason = readonly [ConnectionFailure, string]

const REASONS: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: ['CONNECTION_REFUSED', 'connection refused (is a server running there?)'],
  ETIMEDOUT: ['CONNECTION_TIMEOUT', 'no answer in time'],
  ENOTFOUND: ['HOST_NOT_FOUND', 'no such host'],
  EAI_AGAIN: ['HOST_NOT_FOUND', 'the name could not be looked up'],
  ENETUNREACH: ['NETWORK_UNREACHABLE', 'the network cannot be reached'],
  EHOSTUNREACH: ['NETWORK_UNREACHABLE', 'the host cannot be reached'],
  ENOENT: ['SOCKET_NOT_FOUND', 'no such socket (is a server running there?)'],
  EACCES: ['SOCKET_NOT_PERMITTED', 'this user may not use it'],
  EPERM: ['SOCKET_NOT_PERMITTED', 'this user may not use it'],
}

function explain(host: Host, address: string, cause: unknown): Failure {
  const { code = '', message } = cause as NodeJS.ErrnoException
  const [failure, reason] = REASONS[code] ?? (['CONNECTION_FAILED', message] as const)
  const isNamed = isIP(address) !== 0 && !isSocketHost(host) && address !== host.host
  const name = describeHost(host)
  return { host, address: isNamed ? `${name} (${address})` : name, failure, reason, cause }
}

function suggestionsFor(failures: readonly Failure[]): readonly string[] {
  const hosts = new Set(failures.map(({ host }) => host))
  return [...hosts].map(
    host => `pg_isready -h ${isSocketHost(host) ? host.folder : host.host} -p ${host.port}`,
  )
}
