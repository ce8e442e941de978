import type { Socket } from 'node:net'
import { ConnectionFailedError, SessionLostError } from '../errors/database-errors.ts'
import { secureSocket } from './connection/secure-socket.ts'
import type { TlsOptions } from './connection/tls-options.ts'

/** The one connection of a session. */
export interface WatchedConnection {
  /** Fails with `SessionLostError` when the connection is lost, and is never kept. */
  readonly lost: Promise<never>
  /** Told that the session is open; gives what it speaks through. */
  readonly opened: () => Socket
  /** What the driver is told of it. */
  readonly options: { readonly socket: () => Promise<Socket>; readonly onclose: () => void }
}

export interface WatchedTarget {
  /** Of the database, for messages; without password. */
  readonly description: string
  readonly socket: Socket
  readonly tls: TlsOptions
}

/**
 * When the connection dies the driver silently opens another one: that is refused here, or the rest of a pipeline would
 * run there, outside its transaction.
 */
export function watchedConnection({ description, socket, tls }: WatchedTarget): WatchedConnection {
  let stream = socket
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
      return stream
    },
    options: {
      socket: async () => {
        if (state === 'open') throw new SessionLostError()
        if (state === 'opening')
          throw new ConnectionFailedError(description, 'the server closed the connection without a word')
        state = 'opening'
        stream = await secureSocket(socket, tls)
        return stream
      },
      onclose: () => lose(new SessionLostError()),
    },
  }
}
