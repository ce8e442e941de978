import type { Socket } from 'node:net'
import { StatementError } from '../../errors/database-errors.ts'
import { serverMessage } from '../server-message.ts'
import { type Batch, type BatchOptions, BatchUnderWay } from './batch.ts'
import { type ConvoyStatement, encode, readFields, SYNC, WordReader } from './messages.ts'

/**
 * Statements that travel one behind the other without waiting for answers, of which the server passes over all that are
 * behind one that fails: so the extended query protocol has it, up to the message Sync, which only ends the convoy
 * (PostgreSQL documentation, "Message Flow": "Extended Query" and "Pipelining"). Hence a script may follow its BEGIN, and
 * a BEGIN the COMMIT before.
 */
export interface Convoy {
  /** Sends single statements, in one piece, behind those that were sent before; behind a failure it sends nothing. */
  readonly send: (statements: readonly ConvoyStatement[], options: BatchOptions) => Batch
  /** Lets no more be sent, and waits until all is done or passed over; the connection is then free for others. */
  readonly end: () => Promise<void>
  readonly isOver: () => boolean
}

/** Begins a convoy on a connection on which nothing is under way; until it is over, who reads from `socket` hears nothing. */
export function beginConvoy(socket: Socket): Convoy {
  const batches: BatchUnderWay[] = []
  /** The last ones, which are told of when the connection is free. */
  const done: BatchUnderWay[] = []
  let failure: StatementError | undefined
  let state: 'open' | 'ending' | 'over' = 'open'
  let free: () => void = () => {}
  const freed = new Promise<void>(resolve => {
    free = resolve
  })

  // Where the connection is gone, so is the convoy; who waits for it hears that from the session. What is sent in one go
  // leaves in one piece, for the server would be woken for each.
  const write = (bytes: Buffer) => {
    if (!socket.writable) return
    socket.cork()
    process.nextTick(() => socket.uncork())
    socket.write(bytes)
  }
  const end = () => {
    if (state === 'open') write(SYNC)
    state = 'ending'
  }

  divert(socket, (type, words) => {
    const [batch] = batches
    if (type === READY) {
      state = 'over'
      for (const each of done) each.settle()
      if (failure) for (const each of batches) each.fail(failure)
      free()
      return 'give back'
    }
    if (failure || !batch) return
    // Whoever sends a COPY FROM stdin here has its data elsewhere; what lies behind it must not be taken for them.
    if (type === WANTS_DATA) socket.destroy()
    HEAR[type]?.(batch, words)
    if (batch.isDone) {
      batches.shift()
      if (state === 'open') batch.settle()
      else done.push(batch)
    }
    if (type !== ERROR) return
    failure = new StatementError(serverMessage(readFields(words.body())), batch.index)
    end()
  })

  return {
    send: (statements, options) => {
      if (state !== 'open' && !failure) throw new Error('this convoy has ended')
      const batch = new BatchUnderWay(statements, options)
      if (failure && state === 'over') batch.fail(failure)
      else batches.push(batch)
      // Behind a failure nothing may follow: once the convoy has ended, the server passes over it no longer.
      if (state === 'open') write(encode(statements, options))
      if (state === 'open' && options.isLast) state = 'ending'
      return batch
    },
    end: async () => {
      if (state === 'over') return
      end()
      await freed
    },
    isOver: () => state === 'over',
  }
}

const READY = 'Z'
const ERROR = 'E'
const WANTS_DATA = 'G'

/** What the messages of the server mean for the batch that it is at; all others say nothing new. */
const HEAR: Readonly<Record<string, (batch: BatchUnderWay, words: WordReader) => void>> = {
  C: batch => batch.completed(),
  D: (batch, words) => batch.row(words.body()),
  I: batch => batch.completed(),
  N: (batch, words) => batch.notice(words.body()),
  T: (batch, words) => batch.columns(words.body()),
}

/**
 * Lets `hear` have the types of the messages that arrive on a socket, each with the reader that is at it, in place of whoever
 * reads from it, until it gives it back.
 */
function divert(socket: Socket, hear: (type: string, words: WordReader) => 'give back' | undefined): void {
  const readers = socket.listeners('data') as ((piece: Buffer) => void)[]
  const words = new WordReader()
  const read = (piece: Buffer) => {
    words.take(piece)
    for (let type = words.next(); type; type = words.next()) {
      if (hear(type, words) === undefined) continue
      socket.off('data', read)
      for (const reader of readers) socket.on('data', reader)
      const rest = words.rest()
      if (rest.length > 0) socket.emit('data', rest)
      return
    }
  }
  for (const reader of readers) socket.off('data', reader)
  socket.on('data', read)
}
