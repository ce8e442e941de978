import { type Duration, recordDownBegun, recordProgress, recordUpBegun } from '../ledger/bookkeeping.ts'
import { recordDone } from '../ledger/step-bookkeeping.ts'
import { keptText } from '../script/kept-text.ts'
import { LONGEST_PAUSE_OF_CLAIM_MS } from './claim.ts'
import { type Patience, withRetries } from './patience.ts'
import { runInTransaction, type Sequel, type Unit } from './run-in-transaction.ts'
import type { RunOptions } from './run-options.ts'
import { type ProgressBookkeeping, runOutsideTransaction } from './run-outside-transaction.ts'
import type { RunnableStep } from './runnable-step.ts'
import type { Session } from './session.ts'

/** A step's place in its run. */
export interface StepContext extends RunOptions {
  readonly next: RunnableStep | undefined
  /** Whether the step before has opened this one's transaction. */
  readonly isOpen: boolean
}

/**
 * Runs one step and records it; tells whether a transaction is open for the next. Throws `ScriptRunError`, the
 * transaction still to be rolled back, and `SessionLostError`.
 */
export async function runStep(session: Session, step: RunnableStep, context: StepContext): Promise<boolean> {
  const patience = patienceFor(step, context)
  if (step.transaction === 'off') {
    const onIndexBuild = context.listener.onIndexBuild?.bind(undefined, step) ?? (() => {})
    const record = progressBookkeeping(step, context)
    await runOutsideTransaction(session, unitOf(step, context), record, { patience, onIndexBuild })
    return false
  }
  let { isOpen } = context
  return withRetries(session, patience, async () => {
    if (!isOpen) await context.turn.open(session, step.limits)
    isOpen = false // a further attempt comes after a rollback
    return runInTransaction(session, unitOf(step, context), sequelOf(context))
  })
}

/** Where one transaction holds all steps, a lock that is not to be had has undone those before as well. */
function patienceFor(
  step: RunnableStep,
  { retries, transaction, listener, interruption, turn }: StepContext,
): Patience {
  const { keepsSession } = turn.footing
  const longestPauseMs = Math.min(retries.longestPauseMs, LONGEST_PAUSE_OF_CLAIM_MS)
  const claimed = step.transaction === 'off' && !keepsSession
  const policy = claimed ? { ...retries, longestPauseMs } : retries
  return {
    policy: transaction === 'each' ? policy : { ...policy, attempts: 1 },
    lookAfterMs: keepsSession ? LOOK_AFTER_MS : undefined,
    stop: interruption?.stop,
    onBlocked: blockers => listener.onBlocked?.(step, blockers),
    onRetry: retry => listener.onRetry?.(step, retry),
  }
}

/** Shorter than any lock_timeout that leaves a busy database a chance. */
const LOOK_AFTER_MS = 1000

function sequelOf({ next, transaction }: StepContext): Sequel {
  return {
    commits: transaction === 'each' || (transaction === 'all' && next === undefined),
    ...(next?.transaction === 'on' && { nextLimits: next.limits }),
  }
}

function unitOf(step: RunnableStep, { schema, identity, transaction, turn }: RunOptions): Unit {
  const began = transaction === 'each' ? 'since the transaction began' : 'since the last event of the run'
  return {
    script: step.script,
    ...(step.verify ? { verify: step.verify } : {}),
    limits: step.limits,
    turn,
    bookkeeping: (durationMs: Duration = began) => [recordDone(schema, step, identity, durationMs)],
  }
}

function progressBookkeeping(step: RunnableStep, { schema, identity }: RunOptions): ProgressBookkeeping {
  const { revision, resumeAfter } = step
  return {
    resumeAfter,
    begun:
      step.direction === 'up'
        ? recordUpBegun(schema, step.entry, identity)
        : recordDownBegun(schema, revision, keptText(step.script), resumeAfter ?? 0, identity),
    progress: statementsDone => recordProgress(schema, revision, statementsDone),
  }
}
