import { join } from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'
import { databaseUrl } from '../settings/database-url.ts'
import type { Settings } from '../settings/settings.ts'
import { connect } from './connect.ts'
import { readConnectionOptions } from './connection/connection-options.ts'
import { type EmbeddedDatabase, readDatabaseLocation } from './connection/database-location.ts'
import { describeConnection } from './connection/describe-connection.ts'
import { withEmbeddedServer } from './embedded/lease.ts'
import type { EmbeddedServer } from './embedded/postgres-server.ts'
import { observeSession, type SessionListener } from './observe-session.ts'
import type { Session } from './session.ts'

/** Told where a command goes, before it goes there, and what was ignored on the way. */
export interface DatabaseListener extends SessionListener {
  readonly onDatabase?: (description: string) => void
  readonly onWarning?: (warning: string) => void
}

/** What of the settings says which database is meant. */
export type DatabaseSettings = Pick<Settings, 'url' | 'root' | 'env' | 'applicationName'>

/**
 * Opens a session on the database of the settings, starting the embedded server when it is that one, and closes
 * what it opened. Throws what `databaseUrl`, `readDatabaseLocation`, `connect` and `leaseEmbeddedServer` throw.
 */
export async function withDatabase<T>(
  settings: DatabaseSettings,
  listener: DatabaseListener,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { env, applicationName } = settings
  const location = readDatabaseLocation(databaseUrl(settings), { env, applicationName })
  listener.onDatabase?.(describeConnection(location))
  if (location.kind === 'server') {
    for (const warning of location.warnings) listener.onWarning?.(warning)
    return closing(observeSession(await connect(location, env), listener), use)
  }
  return withEmbeddedServer({ folder: embeddedFolder(settings) }, async server =>
    closing(observeSession(await connectEmbedded(server, location, applicationName), listener), use),
  )
}

/** Where the embedded server of a project keeps everything. */
export function embeddedFolder({ root }: Pick<Settings, 'root'>): string {
  return join(root, '.sqlbraid')
}

async function closing<T>(session: Session, use: (session: Session) => Promise<T>): Promise<T> {
  try {
    return await use(session)
  } finally {
    await session.close()
  }
}

async function connectEmbedded(
  server: EmbeddedServer,
  { database }: EmbeddedDatabase,
  applicationName: string,
): Promise<Session> {
  const given = { url: server.url, source: 'the embedded server' }
  const options = readConnectionOptions(given, { env: {}, applicationName })
  if (database !== server.database)
    await closing(await connect(options, {}), session => createMissing(session, database))
  return connect({ ...options, database }, {})
}

async function createMissing(session: Session, database: string): Promise<void> {
  const found = await session.query(
    `select from pg_catalog.pg_database where datname = ${quoteLiteral(database)}`,
  )
  if (found.length === 0) await session.query(`create database ${quoteIdentifier(database)}`)
}
