import { join } from 'node:path'
import { connect } from '../database/connect.ts'
import { type ConnectionOptions, readConnectionOptions } from '../database/connection/connection-options.ts'
import { readDatabaseLocation } from '../database/connection/database-location.ts'
import { describeConnection } from '../database/connection/describe-connection.ts'
import { withEmbeddedServer } from '../database/embedded/lease.ts'
import type { ServerFacts } from '../database/login.ts'
import { type DatabaseListener, embeddedFolder } from '../database/open-database.ts'
import type { Session } from '../database/session.ts'
import { scratchUrl } from '../settings/database-url.ts'
import type { Settings } from '../settings/settings.ts'
import type { Environment } from '../settings/variables.ts'
import { dropAbandoned } from './housekeeping.ts'
import { dropAbandonedRoles } from './roles.ts'

/** What of the settings says where throw-away databases are made. */
export type ScratchSettings = Pick<Settings, 'scratch' | 'root' | 'env' | 'applicationName'>

/** A server on which databases are made and dropped. */
export interface ScratchServer {
  /** For people, without password. */
  readonly description: string
  readonly facts: ServerFacts
  /** Runs SQL in a database that is none of the throw-away ones. */
  readonly query: Session['query']
  /** Opens a session on one of its databases. */
  readonly connect: (database: string) => Promise<Session>
}

/**
 * Gives `use` the server for throw-away databases: the one of `[scratch] url`, else an embedded one with a cluster of
 * its own. Databases that processes left behind are dropped first. Throws what connecting and
 * `leaseEmbeddedServer` throw.
 */
export async function withScratchServer<T>(
  settings: ScratchSettings,
  listener: DatabaseListener,
  use: (server: ScratchServer) => Promise<T>,
): Promise<T> {
  const { env, applicationName } = settings
  const given = scratchUrl(settings)
  const location = given && readDatabaseLocation(given, { env, applicationName })
  if (location?.kind === 'server') {
    for (const warning of location.warnings) listener.onWarning?.(warning)
    return onServer(location, { env, description: describeConnection(location), isOurs: false }, use)
  }
  const folder = join(embeddedFolder(settings), 'scratch')
  return withEmbeddedServer({ folder, settings: FORGETFUL }, server => {
    const source = 'the embedded scratch server'
    const options = readConnectionOptions({ url: server.url, source }, { env: {}, applicationName })
    return onServer(options, { env: {}, description: source, isOurs: true }, use)
  })
}

// What a crash of the machine would lose here can be made again.
const FORGETFUL = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', autovacuum: 'off' }

async function onServer<T>(
  options: ConnectionOptions,
  {
    env,
    description,
    isOurs,
  }: { readonly env: Environment; readonly description: string; readonly isOurs: boolean },
  use: (server: ScratchServer) => Promise<T>,
): Promise<T> {
  const session = await connect(options, env)
  try {
    const server: ScratchServer = {
      description,
      facts: session.server,
      query: session.query,
      connect: database => connect({ ...options, database }, env),
    }
    await dropAbandoned(server)
    if (isOurs) await dropAbandonedRoles(server)
    return await use(server)
  } finally {
    await session.leave()
  }
}
