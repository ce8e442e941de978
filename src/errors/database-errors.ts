import { SqlbraidError } from './sqlbraid-error.ts'

/** What PostgreSQL says of an error or a notice; the names are the protocol's. */
export interface ServerMessage {
  readonly severity: string
  /** SQLSTATE, five characters. */
  readonly sqlState: string
  readonly message: string
  readonly detail?: string
  readonly hint?: string
  /** The call stack of functions and statements, innermost first. */
  readonly where?: string
  /** 1-based, in characters (code points) of the text sent. */
  readonly position?: number
  readonly schema?: string
  readonly table?: string
  readonly column?: string
  readonly constraint?: string
}

/** PostgreSQL refused a statement. */
export class StatementError extends SqlbraidError {
  readonly code = 'SQL_ERROR'
  constructor(
    server: ServerMessage,
    /** Which of the texts sent together it was, from 0. */
    textIndex: number,
    options?: ErrorOptions,
  ) {
    super(server.message, options)
    this.server = server
    this.textIndex = textIndex
  }
  readonly server: ServerMessage
  readonly textIndex: number
}

/** The connection, and with it the lock and the open transaction, is gone. */
export class SessionLostError extends SqlbraidError {
  readonly code = 'SESSION_LOST'
  override readonly suggestions = ['sqlbraid status']
  constructor(options?: ErrorOptions) {
    super(
      'The connection to the database was lost; the server has rolled back what was not committed.',
      options,
    )
  }
}

/** The server answered, but does not let us in, or not to that database. `database` is shown to users, without password. */
export class ConnectionRefusedByServerError extends SqlbraidError {
  readonly code:
    | 'AUTHENTICATION_FAILED'
    | 'DATABASE_MISSING'
    | 'SERVER_NOT_READY'
    | 'TOO_MANY_CONNECTIONS'
    | 'CONNECTION_REJECTED'
  override readonly suggestions: readonly string[]
  constructor(database: string, server: ServerMessage, options?: ErrorOptions) {
    super(`Cannot connect to ${database}: ${server.message}`, options)
    this.server = server
    this.code = REFUSALS[server.sqlState] ?? 'CONNECTION_REJECTED'
    this.suggestions = SUGGESTIONS[this.code]
  }
  readonly server: ServerMessage
}

const REFUSALS: Readonly<Record<string, ConnectionRefusedByServerError['code']>> = {
  '28P01': 'AUTHENTICATION_FAILED',
  '28000': 'AUTHENTICATION_FAILED',
  '3D000': 'DATABASE_MISSING',
  '57P03': 'SERVER_NOT_READY',
  '53300': 'TOO_MANY_CONNECTIONS',
}

const SUGGESTIONS: Readonly<Record<ConnectionRefusedByServerError['code'], readonly string[]>> = {
  AUTHENTICATION_FAILED: ['Check the user and the password: in the URL, in PGPASSWORD, or in ~/.pgpass'],
  DATABASE_MISSING: ['Create it: createdb NAME', 'Or name another: sqlbraid status --url postgres://…'],
  SERVER_NOT_READY: ['Try again when the server has started'],
  TOO_MANY_CONNECTIONS: ['Try again when a connection is free'],
  CONNECTION_REJECTED: [],
}

/** The connection ended before the server said whether it lets us in. */
export class ConnectionFailedError extends SqlbraidError {
  readonly code = 'CONNECTION_FAILED'
  constructor(database: string, reason: string, options?: ErrorOptions) {
    super(`Cannot connect to ${database}: ${reason}`, options)
  }
}

/** No host is of the kind that `target_session_attrs` asks for. */
export class NoSuitableServerError extends SqlbraidError {
  readonly code = 'NO_SUITABLE_SERVER'
  constructor(description: string, wanted: string) {
    super(`None of the servers of ${description} is ${wanted}, as target_session_attrs asks for.`)
  }
}

/** The server could not be reached for as long as `--wait-for-database` allows; the cause is the last try. */
export class DatabaseWaitTimeoutError extends SqlbraidError {
  readonly code = 'DATABASE_WAIT_TIMEOUT'
  override readonly suggestions: readonly string[]
  constructor(database: string, waitedMs: number, last: Error) {
    super(`Gave up waiting for ${database} after ${waitedMs / 1000} s. ${last.message}`, { cause: last })
    this.waitedMs = waitedMs
    this.suggestions = last instanceof SqlbraidError ? last.suggestions : []
  }
  readonly waitedMs: number
}

/** Who holds the lock, as `pg_stat_activity` shows it. */
export interface LockHolder {
  readonly pid: number
  readonly application: string
  readonly user: string
  /** Empty for a unix socket, or when the server hides it. */
  readonly address: string
  /** ISO 8601, when its session began. */
  readonly since: string
}

/** A revision that another run is at, statement by statement, where no lock outlasts a transaction. */
export interface Claim {
  readonly revision: string
  readonly runId: string
  readonly user: string
  readonly statementsDone: number
}

/** What keeps a run waiting. */
export type LedgerHolder = LockHolder | Claim

/** Another run holds the lock for longer than `--lock-wait`. */
export class LockTimeoutError extends SqlbraidError {
  readonly code = 'LOCK_TIMEOUT'
  override readonly suggestions: readonly string[]
  constructor(waitedMs: number, holder: LedgerHolder | undefined) {
    super(
      `Another run holds the lock; gave up after ${waitedMs / 1000} s.${holder ? ` It is held by ${describeHolder(holder)}.` : ''}`,
    )
    this.waitedMs = waitedMs
    if (holder) this.holder = holder
    const abandoned =
      holder && 'revision' in holder
        ? [`If that run is dead: sqlbraid resolve ${holder.revision} --resume`]
        : []
    this.suggestions = ['sqlbraid upgrade --lock-wait 10min …', ...abandoned]
  }
  readonly waitedMs: number
  readonly holder?: LedgerHolder
}

/** `pid 4711, sqlbraid, alice@10.0.0.7, connected since …`, or which revision a run is at. */
export function describeHolder(holder: LedgerHolder): string {
  if ('revision' in holder)
    return `run ${holder.runId} of ${holder.user}, which is at revision ${holder.revision}`
  const who = holder.address === '' ? holder.user : `${holder.user}@${holder.address}`
  return `pid ${holder.pid}, ${holder.application || 'no application name'}, ${who}, connected since ${holder.since}`
}

/** Another run has changed the applied set since this one read it; what was not committed is undone. */
export class LedgerMovedError extends SqlbraidError {
  readonly code = 'LEDGER_MOVED'
  override readonly suggestions = ['sqlbraid status']
  constructor(options?: ErrorOptions) {
    super('Another run has changed the applied set meanwhile.', options)
  }
}

/** The ledger was written by a newer program. */
export class LedgerTooNewError extends SqlbraidError {
  readonly code = 'LEDGER_TOO_NEW'
  override readonly suggestions = ['npm install sqlbraid@latest']
  constructor(schema: string, found: number, known: number) {
    super(`The ledger in schema "${schema}" has version ${found}; this sqlbraid knows version ${known}.`)
  }
}
