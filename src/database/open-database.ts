import { join } from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'
import { databaseUrl } from '../settings/database-url.ts'
import type { Settings } from '../settings/settings.ts'
import { type ConnectedSession, connect } from './connect.ts'
import { connectAs, connectForRole } from './connect-as.ts'
import { type ConnectionOptions, readConnectionOptions } from './connection/connection-options.ts'
import { type EmbeddedDatabase, readDatabaseLocation } from './connection/database-location.ts'
import { describeConnection } from './connection/describe-connection.ts'
import { withEmbeddedServer } from './embedded/lease.ts'
import type { EmbeddedServer } from './embedded/postgres-server.ts'
import { observeSession, type SessionListener } from './observe-session.ts'
import type { Session } from './session.ts'
import { waitingFor } from './wait-for-database.ts'

/** Told where a command goes, before it goes there, and what was ignored on the way. */
export interface DatabaseListener extends SessionListener {
  readonly onDatabase?: (description: string) => void
  readonly onWarning?: (warning: string) => void
  /** The server does not answer yet, and is tried again; called again when the reason changes. */
  readonly onUnreachable?: (reason: string) => void
}

/** What of the settings says which database is meant, as which role, and how long to wait for it. */
export type DatabaseSettings = Pick<Settings, 'url' | 'root' | 'env' | 'applicationName'> &
  Partial<Pick<Settings, 'role' | 'lock' | 'waitForDatabase'>>

/**
 * Opens a session on the database of the settings, starting the embedded server when it is that one, and closes
 * what it opened. An abort of `stop`, whose reason is the name of a signal, ends the connecting. Throws what `databaseUrl`, `readDatabaseLocation`, `waitingFor`, `connectAs` and
 * `leaseEmbeddedServer` throw.
 */
export async function withDatabase<T>(
  settings: DatabaseSettings,
  listener: DatabaseListener,
  use: (session: ConnectedSession) => Promise<T>,
  stop?: AbortSignal,
): Promise<T> {
  const { env, applicationName, role } = settings
  const location = readDatabaseLocation(databaseUrl(settings), { env, applicationName })
  listener.onDatabase?.(describeConnection(location))
  if (location.kind === 'server') {
    for (const warning of location.warnings) listener.onWarning?.(warning)
    return closing(observeSession(await connectPatiently(location, settings, listener, stop), listener), use)
  }
  return withEmbeddedServer({ folder: embeddedFolder(settings) }, async server => {
    const options = await embeddedOptions(server, location, applicationName)
    return closing(observeSession(await connectAs(options, {}, role), listener), use)
  })
}

/** Where the embedded server of a project keeps everything. */
export function embeddedFolder({ root }: Pick<Settings, 'root'>): string {
  return join(root, '.sqlbraid')
}

function connectPatiently(
  options: ConnectionOptions,
  { env, role, lock, waitForDatabase = 0 }: DatabaseSettings,
  { onUnreachable = () => {} }: DatabaseListener,
  stop: AbortSignal | undefined,
): Promise<ConnectedSession> {
  const wait = { description: describeConnection(options), waitMs: waitForDatabase, onUnreachable, stop }
  const connectWith = lock === 'row' ? connectForRole : connectAs
  return waitingFor(wait, () => connectWith(options, env, role, stop))
}

async function closing<S extends Session, T>(session: S, use: (session: S) => Promise<T>): Promise<T> {
  try {
    return await use(session)
  } finally {
    await session.leave()
  }
}

async function embeddedOptions(
  server: EmbeddedServer,
  { database }: EmbeddedDatabase,
  applicationName: string,
): Promise<ConnectionOptions> {
  const given = { url: server.url, source: 'the embedded server' }
  const options = readConnectionOptions(given, { env: {}, applicationName })
  if (database !== server.database)
    await closing(await connect(options, {}), session => createMissing(session, database))
  return { ...options, database }
}

async function createMissing(session: Session, database: string): Promise<void> {
  const found = await session.query(
    `select from pg_catalog.pg_database where datname = ${quoteLiteral(database)}`,
  )
  if (found.length === 0) await session.query(`create database ${quoteIdentifier(database)}`)
}
