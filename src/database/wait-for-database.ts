import { setTimeout as pause } from 'node:timers/promises'
import { ConnectionError, type ConnectionFailure } from '../errors/connection-errors.ts'
import {
  ConnectionFailedError,
  ConnectionRefusedByServerError,
  DatabaseWaitTimeoutError,
  NoSuitableServerError,
} from '../errors/database-errors.ts'
import { RunInterruptedError } from '../errors/run-errors.ts'

export interface DatabaseWait {
  /** For messages; without password. */
  readonly description: string
  /** 0: one try, whose error is thrown as it is. */
  readonly waitMs: number
  /** Called when the first try fails, and again when the reason changes. */
  readonly onUnreachable: (reason: string) => void
  /** Ends the waiting; its reason is the name of a signal. */
  readonly stop?: AbortSignal | undefined
}

/**
 * Tries to connect until it succeeds, for as long as the server may only not be there yet: it refuses, starts up, is
 * full, or has no name yet. Whatever waiting does not mend (a wrong password, a missing database) is thrown at once.
 * Throws what `connect` throws, `DatabaseWaitTimeoutError`, and `RunInterruptedError`.
 */
export async function waitingFor<T>(wait: DatabaseWait, connect: () => Promise<T>): Promise<T> {
  // Node loads its clock with all that measures when it is first asked, a millisecond: not where nothing is waited for.
  const deadline = wait.waitMs === 0 ? 0 : performance.now() + wait.waitMs
  let reason: string | undefined
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 5000)) {
    try {
      return await connect()
    } catch (error) {
      if (wait.stop?.aborted) throw new RunInterruptedError(String(wait.stop.reason), [], { cause: error })
      if (wait.waitMs === 0 || !mayPass(error)) throw error
      const left = deadline - performance.now()
      if (left <= 0) throw new DatabaseWaitTimeoutError(wait.description, wait.waitMs, error)
      if (error.message !== reason) wait.onUnreachable(error.message)
      reason = error.message
      await pause(Math.min(pauseMs, left), undefined, { signal: wait.stop }).catch(() => {}) // the next try says it
    }
  }
}

/** Whether the server may let us in a little later. */
function mayPass(error: unknown): error is Error {
  if (error instanceof ConnectionError) return error.attempts.some(({ failure }) => PASSING.includes(failure))
  if (error instanceof ConnectionRefusedByServerError)
    return error.code === 'SERVER_NOT_READY' || error.code === 'TOO_MANY_CONNECTIONS'
  if (error instanceof ConnectionFailedError) return wasCutOff(error)
  return error instanceof NoSuitableServerError
}

const PASSING: readonly ConnectionFailure[] = [
  'CONNECTION_REFUSED',
  'CONNECTION_TIMEOUT',
  'HOST_NOT_FOUND',
  'NETWORK_UNREACHABLE',
  'SOCKET_NOT_FOUND',
]

/** A proxy in front of a server that is not up yet accepts, and closes; a TLS failure has other codes. */
function wasCutOff({ cause }: ConnectionFailedError): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return cause === undefined || code === 'ECONNRESET' || code === 'EPIPE' || code === 'CONNECTION_CLOSED'
}
