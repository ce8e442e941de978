import type { Socket } from 'node:net'
import postgres from 'postgres'
import { ConnectionFailedError, type ServerMessage, SessionLostError } from '../errors/database-errors.ts'
import { type BackendKey, sendCancelRequest } from './cancel-request.ts'
import type { TlsOptions } from './connection/tls-options.ts'
import { type CopyQuery, copyInto } from './copy-in.ts'
import { type LoginLimits, withinLimits } from './login-limits.ts'
import { connectFailure, serverMessage, statementFailure } from './server-message.ts'

/** A row as the driver gives it; `json` columns are parsed, other types are numbers, booleans, text or Dates. */
export type Row = Readonly<Record<string, unknown>>
/** A row as its values, in the order of the columns (names may repeat). */
export type Cells = readonly unknown[]

/** How to log in on one server. */
export interface SessionTarget extends LoginLimits {
  readonly user: string
  readonly database: string
  readonly password?: string
  /** What `node:tls` takes, or `prefer`, or no encryption at all. */
  readonly tls: TlsOptions
  /** Settings for the start of the session, `application_name` among them. */
  readonly startup: Readonly<Record<string, string>>
  /** Connected to the server; the driver never connects by itself. */
  readonly socket: Socket
  /** Connects to the same server once more. */
  readonly openSocket: () => Promise<Socket>
}

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

/** One connection that is never silently replaced: when it is lost, everything asked of it fails. */
export interface Session {
  readonly description: string
  readonly server: ServerFacts
  /** Sends one text of one or several statements and gives the rows of its last result. Throws as `pipeline`. */
  query(text: string): Promise<readonly Row[]>
  /**
   * Sends all texts without waiting in between, one network round trip, waits for all answers, and gives for
   * each text the cells of its rows. A failed text does not keep the server from running the next ones: send
   * them within a transaction. Throws the first failure as `StatementError`, or `SessionLostError`.
   */
  pipeline(texts: readonly string[]): Promise<readonly (readonly Cells[])[]>
  /** Sends a COPY … FROM stdin and its data. Throws as `pipeline`. */
  copyIn(text: string, data: Iterable<string | Buffer>): Promise<void>
  /** Undoes the transaction that may be open; of none being open the notice listener hears nothing. */
  rollBack(): Promise<void>
  /** From now on `listener` hears the server's notices and warnings, in the order of the answers. */
  onNotice(listener: (notice: ServerMessage) => void): void
  /** Cancels the statement that runs, if one does; it fails with SQLSTATE 57014. */
  cancel(): Promise<void>
  /** Opens another session of the same user on the same server. */
  openAnother(): Promise<Session>
  close(): Promise<void>
}

/** Logs in. Throws `ConnectionRefusedByServerError`, `ConnectionFailedError`, and as `withinLimits`. */
export async function openSession(target: SessionTarget): Promise<Session> {
  const connection = watchedConnection(target)
  let hear: (notice: ServerMessage) => void = () => {}
  const sql = driver({
    ...SESSION_OPTIONS,
    ...connection.options,
    user: target.user,
    database: target.database,
    password: target.password ?? '',
    ssl: target.tls,
    connection: target.startup,
    onnotice: (notice: postgres.Notice) => hear(serverMessage(notice)),
  })
  const close = () => sql.end({ timeout: 1 })
  let isAnswered = false
  const answer = login(sql, target).finally(() => {
    isAnswered = true
  })
  const { server, backendKey } = await withinLimits(answer, target).catch(async error => {
    if (!isAnswered) target.socket.destroy() // else the driver takes its leave, and would do so on a dead socket
    await close()
    target.socket.destroy()
    throw error
  })
  connection.opened()
  return {
    description: target.description,
    server,
    cancel: () => sendCancelRequest(target.openSocket, backendKey),
    openAnother: async () => openSession({ ...target, socket: await target.openSocket() }),
    query: async text => {
      const [result = []] = await answers([sql.unsafe(text)], connection.lost)
      return lastResult(result) as readonly Row[]
    },
    pipeline: texts => {
      sendTogether(target.socket)
      return answers(
        texts.map(text => sql.unsafe(text).values()),
        connection.lost,
      )
    },
    copyIn: async (text, data) => {
      await answers([copyInto(sql.unsafe(text) as unknown as CopyQuery, data)], connection.lost)
    },
    rollBack: async () => {
      const listener = hear
      hear = () => {}
      await answers([sql.unsafe('rollback')], connection.lost)
      hear = listener
    },
    onNotice: listener => {
      hear = listener
    },
    close,
  }
}

/**
 * Lets what is written from now on leave in one piece: the driver writes each kilobyte by itself, and its last one in the
 * next round of the event loop; the server would be woken for each.
 */
function sendTogether(socket: Socket): void {
  socket.cork()
  setImmediate(() => setImmediate(() => socket.uncork()))
}

/** The driver would take this variable from the environment, and knows fewer values for it than libpq. */
function driver(options: object): postgres.Sql {
  const kept = process.env['PGTARGETSESSIONATTRS']
  delete process.env['PGTARGETSESSIONATTRS']
  try {
    return postgres(options)
  } finally {
    if (kept !== undefined) process.env['PGTARGETSESSIONATTRS'] = kept
  }
}

interface Login {
  readonly server: ServerFacts
  readonly backendKey: BackendKey
}

async function login(sql: postgres.Sql, target: SessionTarget): Promise<Login> {
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
    throw connectFailure(target.description, error)
  }
}

/** Everything the driver would otherwise take from the environment or decide for itself (it reconnects, ages connections, asks for types). */
const SESSION_OPTIONS = {
  max: 1,
  max_lifetime: null,
  idle_timeout: null,
  fetch_types: false,
  prepare: false,
  max_pipeline: Number.MAX_SAFE_INTEGER,
  no_subscribe: true,
  sslnegotiation: null,
  connect_timeout: 0,
  keep_alive: 60,
  debug: false,
}

/**
 * When the connection dies the driver silently opens another one: that is refused here, or the rest of a pipeline would
 * run there, outside its transaction.
 */
function watchedConnection({ description, socket }: SessionTarget) {
  let state: 'new' | 'opening' | 'open' = 'new'
  let lose: (error: SessionLostError) => void = () => {}
  const lost = new Promise<never>((_, reject) => {
    lose = reject
  })
  lost.catch(() => {})
  return {
    lost,
    opened: () => {
      state = 'open'
    },
    options: {
      socket: async () => {
        if (state === 'open') throw new SessionLostError()
        if (state === 'opening')
          throw new ConnectionFailedError(description, 'the server closed the connection without a word')
        state = 'opening'
        return socket
      },
      onclose: () => lose(new SessionLostError()),
    },
  }
}

/** Waits for every query, also past a failed one, so that nothing is under way when the caller goes on. */
async function answers<T>(queries: readonly PromiseLike<T>[], lost: Promise<never>): Promise<T[]> {
  const settled = await Promise.race([Promise.allSettled(queries), lost])
  return settled.map((answer, index) => {
    if (answer.status === 'rejected') throw statementFailure(answer.reason, index)
    return answer.value
  })
}

/** A text of several statements with rows gives an array of results. */
function lastResult(results: readonly unknown[]): readonly unknown[] {
  const last = results.at(-1)
  return Array.isArray(last) ? last : results
}
