import { once } from 'node:events'
import type { Socket } from 'node:net'
import postgres from 'postgres'
import type { ServerMessage } from '../errors/database-errors.ts'
import { sendCancelRequest } from './cancel-request.ts'
import type { TlsOptions } from './connection/tls-options.ts'
import type { Batch } from './convoy/batch.ts'
import { beginConvoy, type Convoy } from './convoy/convoy.ts'
import type { ConvoyStatement } from './convoy/messages.ts'
import { type CopyQuery, copyInto } from './copy-in.ts'
import { type Asked, login, type ServerFacts } from './login.ts'
import { type LoginLimits, withinLimits } from './login-limits.ts'
import { serverMessage, statementFailure } from './server-message.ts'
import { watchedConnection } from './watched-connection.ts'

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

/** One connection that is never silently replaced: when it is lost, everything asked of it fails. */
export interface Session {
  readonly description: string
  readonly server: ServerFacts
  /** Sends one text of one or several statements and gives the rows of its last result. Throws as `pipeline`. */
  query(text: string): Promise<readonly Row[]>
  /**
   * Sends all texts without waiting in between, one network round trip, waits for all answers, and gives for
   * each text the cells of its rows. A failed text does not keep the server from running the next ones: what needs that
   * is sent by `send`. Throws the first failure as `StatementError`, or `SessionLostError`.
   */
  pipeline(texts: readonly string[]): Promise<readonly (readonly Cells[])[]>
  /**
   * Sends statements, one in each text, in one piece: all that lie behind one that fails are passed over. What the one
   * before has left open is theirs; nothing of it is committed before a COMMIT among them, or before something else is
   * asked of the session.
   */
  send(statements: readonly ConvoyStatement[], options?: SendOptions): SentStatements
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
  /** Says goodbye, and waits until the server has ended it. */
  close(): Promise<void>
  /** Says goodbye, and waits only until that is said: nobody cares any more when the server ends it. */
  leave(): Promise<void>
}

/** Statements that were sent in one piece. Its promises fail with `StatementError` and `SessionLostError`. */
export interface SentStatements extends Batch {
  /** Sends more without waiting, which are passed over when one of these fails, or of those before. */
  readonly follow: (statements: readonly ConvoyStatement[], options?: SendOptions) => SentStatements
}

/** How statements are sent. */
export interface SendOptions {
  /** The batch tells of the first so many statements by themselves. */
  readonly flushAfter?: number
  /** Nothing is sent behind them, so that nobody need wait for more to end it. */
  readonly isLast?: boolean
  /** Hears the notices of these statements, in place of the session's listener. */
  readonly onNotice?: (notice: ServerMessage) => void
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
    ssl: false, // the socket sees to that
    connection: target.startup,
    onnotice: (notice: postgres.Notice) => hear(serverMessage(notice)),
  })
  const close = () => sql.end({ timeout: 1 })
  let isAnswered = false
  const answer = login(text => sql.unsafe(text) as unknown as Asked, target.description).finally(() => {
    isAnswered = true
  })
  const { server, backendKey } = await withinLimits(answer, target).catch(async error => {
    if (!isAnswered) target.socket.destroy() // else the driver takes its leave, and would do so on a dead socket
    await close()
    target.socket.destroy()
    throw error
  })
  const stream = connection.opened()
  let convoy: Convoy | undefined
  /** Only one at a time may have the connection. */
  const alone = async <T>(queries: () => readonly PromiseLike<T>[]): Promise<T[]> => {
    if (convoy) await Promise.race([convoy.end(), connection.lost])
    convoy = undefined
    return answers(queries(), connection.lost)
  }
  const sendIn = (
    within: Convoy,
    statements: readonly ConvoyStatement[],
    options: SendOptions = {},
  ): SentStatements => ({
    ...unlessLost(within.send(statements, { onNotice: notice => hear(notice), ...options }), connection.lost),
    follow: (more, moreOptions) => sendIn(within, more, moreOptions),
  })
  return {
    description: target.description,
    server,
    cancel: () => sendCancelRequest(target.openSocket, backendKey),
    openAnother: async () => openSession({ ...target, socket: await target.openSocket() }),
    query: async text => {
      const [result = []] = await alone(() => [sql.unsafe(text)])
      return lastResult(result) as readonly Row[]
    },
    pipeline: texts =>
      alone(() => {
        sendTogether(stream)
        return texts.map(text => sql.unsafe(text).values())
      }),
    send: (statements, options) => {
      if (convoy === undefined || convoy.isOver()) convoy = beginConvoy(stream)
      return sendIn(convoy, statements, options)
    },
    copyIn: async (text, data) => {
      await alone(() => [copyInto(sql.unsafe(text) as unknown as CopyQuery, data)])
    },
    rollBack: async () => {
      const listener = hear
      hear = () => {}
      await alone(() => [sql.unsafe('rollback')])
      hear = listener
    },
    onNotice: listener => {
      hear = listener
    },
    close,
    leave: () => Promise.race([left(stream), close()]),
  }
}

/** When all that was written has left; nobody minds any more whether it arrives. */
async function left(stream: Socket): Promise<void> {
  await once(stream, 'finish').catch(() => {})
}

/** A batch of a session that is lost is answered by nobody. */
function unlessLost({ begun, done }: Batch, lost: Promise<never>): Batch {
  const batch = { begun: Promise.race([begun, lost]), done: Promise.race([done, lost]) }
  batch.begun.catch(() => {})
  batch.done.catch(() => {})
  return batch
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
