import type { Sql } from 'postgres'
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

/** Logs in, where `description` says, without password. Throws `ConnectionRefusedByServerError` and `ConnectionFailedError`. */
export async function login(sql: Sql, description: string): Promise<Login> {
  try {
    const query = sql.unsafe(`
      select current_database() as database, session_user as user,
        current_setting('server_version_num')::int as "versionNumber", current_setting('server_version') as version,
        pg_catalog.pg_is_in_recovery() as "isStandby", current_setting('transaction_read_only') = 'on' as "isReadOnly",
        current_setting('standard_conforming_strings') = 'on' as "standardConformingStrings",
        pg_catalog.pg_backend_pid() as "backendPid"`)
    const [row] = await query
    // The driver keeps the key with each query that it has sent.
    const { state } = query as unknown as { readonly state: BackendKey }
    return { server: row as unknown as ServerFacts, backendKey: { ...state } }
  } catch (error) {
    throw connectFailure(description, error)
  }
}
