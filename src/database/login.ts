import type { BackendKey } from './cancel-request.ts'
import { connectFailure } from './server-message.ts'

/** What the server says of itself and of the session at login. */
export interface ServerFacts {
  readonly database: string
  readonly user: string
  /** As `server_version_num`: 150018 for 15.18. */
  readonly versionNumber: number
  readonly version: string
  readonly isStandby: boolean
  readonly isReadOnly: boolean
  /** Whether a backslash in a plain '…' string stands for itself. */
  readonly standardConformingStrings: boolean
  readonly backendPid: number
}

/** What a login has come to. */
export interface Login {
  readonly server: ServerFacts
  readonly backendKey: BackendKey
}

/** A query of the driver, which keeps the key with each that it has sent. */
export interface Asked extends PromiseLike<readonly object[]> {
  readonly state: BackendKey
}

/**
 * Logs in by asking the first question; `description` is that of the database, without password. Throws
 * `ConnectionRefusedByServerError` and `ConnectionFailedError`.
 */
export async function login(ask: (text: string) => Asked, description: string): Promise<Login> {
  try {
    const query = ask(`
      select current_database() as database, session_user as user,
        current_setting('server_version_num')::int as "versionNumber", current_setting('server_version') as version,
        pg_catalog.pg_is_in_recovery() as "isStandby", current_setting('transaction_read_only') = 'on' as "isReadOnly",
        current_setting('standard_conforming_strings') = 'on' as "standardConformingStrings",
        pg_catalog.pg_backend_pid() as "backendPid"`)
    const [row] = await query
    return { server: row as unknown as ServerFacts, backendKey: { ...query.state } }
  } catch (error) {
    throw connectFailure(description, error)
  }
}
