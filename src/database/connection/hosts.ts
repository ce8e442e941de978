import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { InvalidConnectionError } from '../../errors/connection-errors.ts'
import type { Parameters } from './keywords.ts'

/** A server reached over TCP. */
export interface TcpHost {
  readonly host: string
  readonly port: number
  /** Where to connect instead of looking up `host`, whose name still counts for passwords and certificates. */
  readonly address?: string
  /** From the password file, for this host. */
  readonly password?: string
}

/** A server reached through a unix socket. */
export interface SocketHost {
  /** Of the socket itself. */
  readonly path: string
  readonly folder: string
  readonly port: number
  /** From the password file, for this host. */
  readonly password?: string
}

/** One place where the server may be; several are tried in turn. */
export type Host = TcpHost | SocketHost

/** Whether the host is a unix socket. */
export function isSocketHost(host: Host): host is SocketHost {
  return 'path' in host
}

/** Where libpq's own builds put sockets; their passwords are under `localhost`. */
export const DEFAULT_SOCKET_FOLDERS: readonly string[] = ['/var/run/postgresql', '/tmp']

/**
 * The hosts that `host`, `hostaddr` and `port` name: comma-separated lists of one length, but one port serves all
 * hosts, and empty entries mean the default (pqConnectOptions2 in fe-connect.c). Throws InvalidConnectionError.
 */
export function readHosts(parameters: Parameters): readonly Host[] {
  const names = list(parameters, 'host')
  const addresses = list(parameters, 'hostaddr')
  const ports = list(parameters, 'port')
  const count = Math.max(addresses.length || names.length, 1)
  if (names.length > 0 && names.length !== count) mismatch(parameters, 'host', names.length, count)
  if (ports.length > 1 && ports.length !== count) mismatch(parameters, 'port', ports.length, count)

  return Array.from({ length: count }, (_, index) => {
    const port = readPort(parameters, ports.length === 1 ? ports[0] : ports[index])
    return makeHost(names[index] ?? '', addresses[index] ?? '', port)
  })
}

function list(parameters: Parameters, keyword: 'host' | 'hostaddr' | 'port'): readonly string[] {
  const text = parameters.get(keyword)?.value ?? ''
  return text === '' ? [] : text.split(',')
}

function mismatch(parameters: Parameters, keyword: 'host' | 'port', given: number, hosts: number): never {
  const source = parameters.get(keyword)?.source ?? keyword
  throw new InvalidConnectionError(source, `${given} ${keyword} entries do not match ${hosts} hosts`)
}

function readPort(parameters: Parameters, text = ''): number {
  if (text === '') return 5432
  const port = /^\s*\d{1,5}\s*$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw new InvalidConnectionError(
    parameters.get('port')?.source ?? 'port',
    `the port "${text}" is not from 1 to 65535`,
  )
}

function makeHost(name: string, address: string, port: number): Host {
  if (address !== '') return { host: name || address, port, address }
  if (name === '') return defaultHost(port)
  return /^[/@]/.test(name) ? socketHost(name, port) : { host: name, port }
}

/** The first default folder in which a server has its socket: where none has, a server in a container may answer on TCP. */
function defaultHost(port: number): Host {
  const sockets = DEFAULT_SOCKET_FOLDERS.map(folder => socketHost(folder, port))
  return sockets.find(({ path }) => existsSync(path)) ?? { host: 'localhost', port }
}

function socketHost(folder: string, port: number): SocketHost {
  // "@" stands for Linux's abstract namespace, where names begin with a NUL.
  return { path: join(folder, `.s.PGSQL.${port}`).replace(/^@/, '\0'), folder, port }
}
