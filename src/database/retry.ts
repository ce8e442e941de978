import type { ScriptRunError } from '../errors/run-errors.ts'

/** How often a revision that cannot get its locks is tried, and how long the pauses between are. */
export interface RetryPolicy {
  readonly attempts: number
  readonly firstPauseMs: number
  readonly longestPauseMs: number
}

const LOCK_NOT_AVAILABLE = '55P03'
const DEADLOCK_DETECTED = '40P01'

/** Whether the failure is one that passes by itself: somebody else held a lock. */
export function isLockFailure({ failure }: ScriptRunError): boolean {
  return [LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED].includes(failure.server?.sqlState ?? '')
}

/** The pause before attempt `attempt` (the second is 2): doubled each time, and spread by `random` (0 to 1) between half and whole. */
export function pauseBefore(attempt: number, policy: RetryPolicy, random: number): number {
  const grown = Math.min(policy.firstPauseMs * 2 ** (attempt - 2), policy.longestPauseMs)
  return grown * (0.5 + random / 2)
}
