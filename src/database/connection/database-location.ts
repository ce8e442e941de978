import { InvalidConnectionError } from '../../errors/connection-errors.ts'
import type { DatabaseUrl } from '../../settings/database-url.ts'
import {
  type ConnectionOptions,
  type ConnectionSurroundings,
  readConnectionOptions,
} from './connection-options.ts'

/** A database on the private server under `.sqlbraid/`, which is started when it is needed. */
export interface EmbeddedDatabase {
  readonly kind: 'embedded'
  readonly database: string
}

/** Where the database is. */
export type DatabaseLocation = ConnectionOptions | EmbeddedDatabase

/**
 * Reads where the database is: `embedded:` or `embedded:NAME` (by default `sqlbraid`), else a connection string for a
 * server (`readConnectionOptions`). Throws InvalidConnectionError.
 */
export function readDatabaseLocation(
  given: DatabaseUrl,
  surroundings: ConnectionSurroundings,
): DatabaseLocation {
  const [, name] = /^embedded:(.*)$/s.exec(given.url) ?? []
  if (name === undefined) return readConnectionOptions(given, surroundings)
  if (/^[^/\0]{0,63}$/.test(name)) return { kind: 'embedded', database: name || 'sqlbraid' }
  throw new InvalidConnectionError(given.source, 'write embedded:NAME, with the plain name of a database')
}
