import type { ServerMessage } from '../errors/database-errors.ts'
import type { RunIdentity } from '../ledger/bookkeeping.ts'
import type { Blocker } from './blockers.ts'
import type { IndexBuildProgress } from './index-build.ts'
import type { Retry } from './patience.ts'
import type { RetryPolicy } from './retry.ts'
import type { RunnableStep } from './runnable-step.ts'
import type { Turn } from './turn.ts'

/** What holds for all steps of a run. */
export interface RunOptions {
  readonly schema: string
  /**
   * Whether each step is committed by itself, or all are with the last, or none: then the transaction is left open, for
   * the caller to look and roll back. With the latter two, no step may be `transaction: off`.
   */
  readonly transaction: 'each' | 'all' | 'open'
  /** The database held nothing when the run began, and nobody else is in it: steps may be committed together. */
  readonly isNewDatabase?: boolean
  readonly identity: RunIdentity
  readonly turn: Turn
  readonly retries: RetryPolicy
  readonly listener: RunListener
  readonly interruption?: Interruption | undefined
}

/** How a run is ended from outside; the reasons are the names of signals. */
export interface Interruption {
  /** No further step, and no further waiting. */
  readonly stop: AbortSignal
  /** The running step is cancelled too. */
  readonly cancel: AbortSignal
}

/**
 * Told about a run while it goes on; `index` counts from 0. Each step is started once. Where steps are committed together,
 * the next ones are started before the listener hears what one has said, and that it is done.
 */
export interface RunListener {
  readonly onStepStarted?: (step: RunnableStep, index: number, total: number) => void
  readonly onStepDone?: (step: RunnableStep, durationMs: number) => void
  readonly onEcho?: (step: RunnableStep, text: string) => void
  readonly onNotice?: (step: RunnableStep, notice: ServerMessage) => void
  /** Locks of others keep the step waiting. */
  readonly onBlocked?: (step: RunnableStep, blockers: readonly Blocker[]) => void
  /** A lock was not to be had; the step, or its statement, is tried again. */
  readonly onRetry?: (step: RunnableStep, retry: Retry) => void
  /** An index that a stopped attempt began is still being built. */
  readonly onIndexBuild?: (step: RunnableStep, progress: IndexBuildProgress) => void
}
