import { setTimeout as pause } from 'node:timers/promises'
import { type Claim, type LedgerHolder, LockTimeoutError } from '../errors/database-errors.ts'
import { RunInterruptedError } from '../errors/run-errors.ts'

/** How long a run waits for another, and who hears of it. */
export interface LockWait {
  /** Milliseconds. 0: one try. */
  readonly waitMs: number
  /** Called when it is not the run's turn at once, and again whenever the holder changes. */
  readonly onWaiting: (holder: LedgerHolder | undefined) => void
  /** Called when the run that had claimed a revision turns out to be dead: this one goes on with it. */
  readonly onAbandoned: (claim: Claim) => void
  /** Ends the waiting; its reason is the name of a signal. */
  readonly stop?: AbortSignal | undefined
}

/** What one try came to. */
export type LockTry = 'had' | { readonly holder: LedgerHolder | undefined }

/** Tries, at spread intervals, until the lock is had. Throws `LockTimeoutError` and `RunInterruptedError`. */
export async function waitForLock(
  { waitMs, onWaiting, stop }: LockWait,
  attempt: () => Promise<LockTry>,
): Promise<void> {
  const deadline = performance.now() + waitMs
  let shown: string | undefined
  for (;;) {
    const answer = await attempt()
    if (answer === 'had') return
    const { holder } = answer
    if (performance.now() >= deadline) throw new LockTimeoutError(waitMs, holder)
    const name = holder && ('pid' in holder ? String(holder.pid) : holder.runId)
    if (shown === undefined || (name !== undefined && name !== shown)) onWaiting(holder)
    shown = name ?? ''
    const pauseMs = Math.min(jitteredPause(), Math.max(0, deadline - performance.now()))
    await pause(pauseMs, undefined, { signal: stop }).catch(() => {
      throw new RunInterruptedError(String(stop?.reason), [])
    })
  }
}

/** Milliseconds; spread, so that many waiting runs do not ask at the same instants. */
function jitteredPause(): number {
  return 100 + Math.random() * 200
}
