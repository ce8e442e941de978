import { setTimeout as pause } from 'node:timers/promises'
import { ScriptRunError } from '../errors/run-errors.ts'
import { type Blocker, watchBlockers } from './blockers.ts'
import { isLockFailure, pauseBefore, type RetryPolicy } from './retry.ts'
import type { Session } from './session.ts'

/** How long a run bears with locks that others hold, and who hears of it. */
export interface Patience {
  readonly policy: RetryPolicy
  /** When an attempt takes longer than this, what is in its way is looked up; not at all where the backend is not ours. */
  readonly lookAfterMs: number | undefined
  /** Ends the pauses. */
  readonly stop?: AbortSignal | undefined
  readonly onBlocked: (blockers: readonly Blocker[]) => void
  readonly onRetry: (retry: Retry) => void
}

/** An attempt that failed for a lock, and when the next one comes. */
export interface Retry {
  readonly reason: string
  /** The number of the next attempt, and of the last one. */
  readonly attempt: number
  readonly attempts: number
  readonly pauseMs: number
}

/**
 * Makes an attempt that begins a transaction; when a lock is not to be had, rolls back, pauses and tries again, as often
 * as the policy says. Throws what the last attempt throws, its transaction still to be rolled back.
 */
export async function withRetries<T>(
  session: Session,
  patience: Patience,
  attempt: () => Promise<T>,
): Promise<T> {
  const { policy, lookAfterMs, onBlocked, stop } = patience
  for (let next = 2; ; next++) {
    try {
      return await watchBlockers(session, { afterMs: lookAfterMs, onBlocked }, attempt)
    } catch (error) {
      const isHopeless = !(error instanceof ScriptRunError) || !isLockFailure(error) || next > policy.attempts
      if (isHopeless || stop?.aborted) throw error
      await session.rollBack()
      const pauseMs = pauseBefore(next, policy, Math.random())
      patience.onRetry({ reason: error.message, attempt: next, attempts: policy.attempts, pauseMs })
      await pause(pauseMs, undefined, { signal: stop }).catch(() => {
        throw error
      })
    }
  }
}
