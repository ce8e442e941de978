import { setTimeout as pause } from 'node:timers/promises'
import { readDatabaseLocation } from '../database/connection/database-location.ts'
import { isServerKept, leaseEmbeddedServer } from '../database/embedded/lease.ts'
import type { EmbeddedServer } from '../database/embedded/postgres-server.ts'
import { embeddedFolder, withDatabase } from '../database/open-database.ts'
import { EmbeddedServerGoneError } from '../errors/embedded-errors.ts'
import { databaseUrl } from '../settings/database-url.ts'
import type { Settings } from '../settings/settings.ts'

/** The embedded server while it is kept up. */
export interface KeptServer extends EmbeddedServer {
  /** It ran already: another command keeps it, too. */
  readonly isShared: boolean
}

/**
 * Keeps the embedded server of the project up until `signal` is aborted; tells `onUp` how to reach it. Throws what
 * `leaseEmbeddedServer` throws, and EmbeddedServerGoneError when the server ends before.
 */
export async function keepEmbeddedServer(
  settings: Settings,
  { signal, onUp }: { readonly signal: AbortSignal; readonly onUp: (server: KeptServer) => void },
): Promise<void> {
  const folder = embeddedFolder(settings)
  const isShared = await isServerKept(folder)
  const { release, ended, ...server } = await leaseEmbeddedServer({ folder })
  try {
    onUp({ ...(await configuredDatabase(settings, server)), isShared })
    const gone = new AbortController()
    ended.then(() => gone.abort())
    await untilAborted(AbortSignal.any([signal, gone.signal]))
    if (!signal.aborted) throw new EmbeddedServerGoneError(folder)
  } finally {
    await release()
  }
}

/** The database that `embedded:NAME` means, made when it is missing; else the server's own. */
async function configuredDatabase(settings: Settings, server: EmbeddedServer): Promise<EmbeddedServer> {
  if (settings.url === undefined) return server
  const location = readDatabaseLocation(databaseUrl(settings), settings)
  if (location.kind !== 'embedded' || location.database === server.database) return server
  await withDatabase(settings, {}, async () => {})
  const url = new URL(server.url)
  url.pathname = `/${encodeURIComponent(location.database)}`
  return { ...server, database: location.database, url: url.href }
}

/** A lease keeps no process alive; a timer does. */
async function untilAborted(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await pause(2 ** 31 - 1, undefined, { signal }).catch(() => undefined)
}
