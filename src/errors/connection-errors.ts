import { SqlbraidError } from './sqlbraid-error.ts'

/**
 * What says where the database is cannot be understood. The message names where the value came from, and never
 * repeats a whole url: it may hold a password.
 */
export class InvalidConnectionError extends SqlbraidError {
  readonly code = 'INVALID_CONNECTION'
  /** In the user's words: `DATABASE_URL`, `PGSSLMODE`, `/home/alice/.pg_service.conf:3`. */
  readonly source: string

  constructor(source: string, problem: string, options?: ErrorOptions) {
    super(`${source}: ${problem}.`, options)
    this.source = source
  }
}

/** Why one address did not let us in. */
export type ConnectionFailure =
  | 'CONNECTION_REFUSED'
  | 'CONNECTION_TIMEOUT'
  | 'HOST_NOT_FOUND'
  | 'NETWORK_UNREACHABLE'
  | 'SOCKET_NOT_FOUND'
  | 'SOCKET_NOT_PERMITTED'
  | 'CONNECTION_FAILED'

/** One address that was tried. */
export interface ConnectionAttempt {
  /** `db.internal:5432 (10.0.0.7)` or the path of a socket. */
  readonly address: string
  readonly failure: ConnectionFailure
  /** `connection refused`, for people. */
  readonly reason: string
}

/** No host could be reached; `attempts` has every address that was tried, `code` the reason they share. */
export class ConnectionError extends SqlbraidError {
  readonly code: ConnectionFailure
  override readonly suggestions: readonly string[]
  readonly attempts: readonly ConnectionAttempt[]

  constructor(
    attempts: readonly ConnectionAttempt[],
    suggestions: readonly string[],
    options?: ErrorOptions,
  ) {
    super(
      `No connection to the database: ${attempts.map(({ address, reason }) => `${address}: ${reason}`).join('; ')}.`,
      options,
    )
    const [first] = attempts
    const shared = first !== undefined && attempts.every(({ failure }) => failure === first.failure)
    this.code = shared ? first.failure : 'CONNECTION_FAILED'
    this.suggestions = suggestions
    this.attempts = attempts
  }
}
