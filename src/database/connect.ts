import { NoSuitableServerError } from '../errors/database-errors.ts'
import type { Environment } from '../settings/variables.ts'
import {
  type ConnectionOptions,
  passwordFor,
  type TargetSessionAttrs,
} from './connection/connection-options.ts'
import { describeConnection } from './connection/describe-connection.ts'
import type { Host } from './connection/hosts.ts'
import { openSocket } from './connection/open-socket.ts'
import { tlsOptions } from './connection/tls-options.ts'
import type { ServerFacts } from './login.ts'
import { openSession, type Session } from './session.ts'

/** A session, and where it leads: what another program needs to connect to the very same server. */
export interface ConnectedSession extends Session {
  readonly options: ConnectionOptions
  readonly host: Host
}

/**
 * Connects to the first of the hosts that accepts and is of the kind that `target_session_attrs` asks for.
 * With a role, the session is that role from its start, and whenever it is reset: `reset role` goes back to it.
 * An abort of `stop` ends it. Throws what `openSocket` and `openSession` throw, and `NoSuitableServerError`.
 */
export async function connect(
  options: ConnectionOptions,
  env: Environment,
  role?: string,
  stop?: AbortSignal,
): Promise<ConnectedSession> {
  const { hosts, targetSessionAttrs } = options
  const attempts: readonly ((server: ServerFacts) => boolean)[] =
    targetSessionAttrs === 'prefer-standby' ? [SUITS.standby, SUITS.any] : [SUITS[targetSessionAttrs]]
  for (const suits of attempts) {
    for (let rest = hosts; rest.length > 0; ) {
      const session = await connectToOne({ ...options, hosts: rest }, env, role, stop)
      if (suits(session.server)) return session
      await session.close()
      rest = rest.slice(rest.indexOf(session.host) + 1)
    }
  }
  throw new NoSuitableServerError(describeConnection(options), targetSessionAttrs)
}

const SUITS: Readonly<Record<TargetSessionAttrs, (server: ServerFacts) => boolean>> = {
  any: () => true,
  'read-write': server => !server.isReadOnly && !server.isStandby,
  'read-only': server => server.isReadOnly || server.isStandby,
  primary: server => !server.isStandby,
  standby: server => server.isStandby,
  'prefer-standby': () => true,
}

async function connectToOne(
  options: ConnectionOptions,
  env: Environment,
  role: string | undefined,
  stop: AbortSignal | undefined,
): Promise<ConnectedSession> {
  const { socket, host } = await openSocket(options, stop)
  const password = passwordFor(options, host)
  const session = await openSession({
    description: describeConnection(options),
    user: options.user,
    database: options.database,
    ...(password === undefined ? {} : { password }),
    tls: tlsOptions(options.tls, host, env),
    startup: {
      application_name: options.applicationName,
      ...(options.options === undefined ? {} : { options: options.options }),
      ...(role === undefined ? {} : { role }),
    },
    socket,
    loginTimeout: options.connectTimeout,
    ...(stop && { stop }),
    openSocket: async () => (await openSocket({ ...options, hosts: [host] })).socket,
  })
  return { ...session, options, host }
}
