import { userInfo } from 'node:os'
import { InvalidConnectionError } from '../../errors/connection-errors.ts'
import type { DatabaseUrl } from '../../settings/database-url.ts'
import type { Environment } from '../../settings/variables.ts'
import { requireChoice } from './choice.ts'
import { parseConnectionString } from './connection-string.ts'
import { DEFAULT_SOCKET_FOLDERS, type Host, isSocketHost, readHosts } from './hosts.ts'
import { KEYWORDS, type Keyword, type Parameters } from './keywords.ts'
import { findPassword, readPasswordFile } from './password-file.ts'
import { readService } from './service-file.ts'
import { readTlsParameters, type TlsParameters } from './tls-parameters.ts'
import { checkSupported } from './unsupported.ts'
import { userFiles } from './user-files.ts'

/** A server to connect to, and as whom. */
export interface ConnectionOptions {
  readonly kind: 'server'
  /** Never empty. */
  readonly hosts: readonly Host[]
  readonly user: string
  readonly database: string
  /** As given; `passwordFor` also knows the password file. */
  readonly password: string | undefined
  readonly tls: TlsParameters
  readonly applicationName: string
  /** Command-line options for the server, such as `-c search_path=shop`. */
  readonly options: string | undefined
  /** Seconds for each address; 0 waits for as long as the system does. */
  readonly connectTimeout: number
  readonly targetSessionAttrs: TargetSessionAttrs
  /** What was ignored and why, one sentence each. */
  readonly warnings: readonly string[]
}

const TARGET_SESSION_ATTRS = [
  'any',
  'read-write',
  'read-only',
  'primary',
  'standby',
  'prefer-standby',
] as const

/** Which of several servers will do. */
export type TargetSessionAttrs = (typeof TARGET_SESSION_ATTRS)[number]

/** What a connection is read against. */
export interface ConnectionSurroundings {
  readonly env: Environment
  /** What to be called when neither the url nor PGAPPNAME says so. */
  readonly applicationName: string
}

/**
 * Reads a connection string as libpq does: what it says, over what its service says, over the `PG*` variables, over
 * the defaults; passwords also from the password file (PostgreSQL documentation, chapter 34).
 *
 * One default differs: without a `connect_timeout` each address gets 10 seconds, so that no run hangs.
 * Throws InvalidConnectionError, which says where the bad value came from.
 */
export function readConnectionOptions(
  { url, source }: DatabaseUrl,
  { env, applicationName }: ConnectionSurroundings,
): ConnectionOptions {
  const parameters = collectParameters(parseConnectionString(url, source), env)
  const text = (keyword: Keyword) => parameters.get(keyword)?.value || undefined
  const user = text('user') ?? systemUser(source)
  const database = text('dbname') ?? user
  const found = text('password') === undefined ? addPasswords(parameters, { user, database }, env) : undefined
  return {
    kind: 'server',
    hosts: found?.hosts ?? readHosts(parameters),
    user,
    database,
    password: text('password'),
    tls: readTlsParameters(parameters),
    applicationName: text('application_name') ?? text('fallback_application_name') ?? applicationName,
    options: text('options'),
    connectTimeout: readTimeout(parameters),
    targetSessionAttrs: requireChoice(parameters, 'target_session_attrs', TARGET_SESSION_ATTRS) ?? 'any',
    warnings: [...checkSupported(parameters), ...(found?.warnings ?? [])],
  }
}

/** The password for one of the hosts, if there is one. */
export function passwordFor(options: ConnectionOptions, host: Host): string | undefined {
  return options.password ?? host.password
}

function collectParameters(given: Parameters, env: Environment): Parameters {
  const variables = fromEnvironment(env)
  const service = given.get('service') ?? variables.get('service')
  const file = given.get('servicefile') ?? variables.get('servicefile')
  const ofService = service?.value ? readService(service, file?.value, env) : []
  return new Map([...variables, ...ofService, ...given])
}

function fromEnvironment(env: Environment): Parameters {
  return new Map(
    Object.entries(KEYWORDS).flatMap(([keyword, variable]) => {
      const value = variable === undefined ? undefined : env[variable]
      return value === undefined
        ? []
        : [[keyword as Keyword, { value, source: variable ?? keyword }] as const]
    }),
  )
}

function systemUser(source: string): string {
  try {
    return userInfo().username
  } catch (cause) {
    // A container may run under a number that has no name.
    throw new InvalidConnectionError(source, 'no user is given, and the system has no name for this one', {
      cause,
    })
  }
}

function addPasswords(
  parameters: Parameters,
  login: { readonly user: string; readonly database: string },
  env: Environment,
): { readonly hosts: readonly Host[]; readonly warnings: readonly string[] } {
  const file = readPasswordFile(parameters.get('passfile')?.value || userFiles(env).passwords)
  const hosts = readHosts(parameters).map(host => {
    const password = findPassword(file, { host: passwordHost(host), port: host.port, ...login })
    return password === undefined ? host : { ...host, password }
  })
  return { hosts, warnings: file.warning === undefined ? [] : [file.warning] }
}

function passwordHost(host: Host): string {
  if (!isSocketHost(host)) return host.host
  return DEFAULT_SOCKET_FOLDERS.includes(host.folder) ? 'localhost' : host.folder
}

function readTimeout(parameters: Parameters): number {
  const timeout = parameters.get('connect_timeout')
  if (!timeout?.value) return 10
  // As in libpq, a negative one means none.
  if (/^\s*-?\d{1,6}\s*$/.test(timeout.value)) return Math.max(Number(timeout.value), 0)
  throw new InvalidConnectionError(
    timeout.source,
    `connect_timeout "${timeout.value}" is not a whole number of seconds`,
  )
}
