import { SessionLostError, StatementError } from '../errors/database-errors.ts'
import {
  RevisionFailedError,
  RunInterruptedError,
  RunLostError,
  ScriptRunError,
  type StepReport,
} from '../errors/run-errors.ts'
import { recordEvent } from '../ledger/bookkeeping.ts'
import { STEP_ACTIONS } from '../ledger/step-bookkeeping.ts'
import { betweenStatements } from '../ledger/transaction.ts'
import { cancelOnAbort } from './cancel-on-abort.ts'
import type { SentUnit } from './run-in-transaction.ts'
import type { RunOptions } from './run-options.ts'
import { runStep, underWay } from './run-step.ts'
import type { RunnableStep } from './runnable-step.ts'
import type { Session } from './session.ts'

/**
 * Runs steps in their order and records each. The caller holds the lock. Gives a report of every step.
 * Throws `RevisionFailedError` at the first failure, after undoing that step; those before it stay applied, unless all
 * run in one transaction. Throws `RunInterruptedError` and `RunLostError`, which report the steps too.
 */
export async function runPlan(
  session: Session,
  steps: readonly RunnableStep[],
  options: RunOptions,
): Promise<readonly StepReport[]> {
  const { listener, interruption } = options
  const done: StepReport[] = []
  let ahead: SentUnit | undefined
  for (const [index, underway] of underWay(steps, options).entries()) {
    const { step } = underway
    if (interruption?.stop.aborted && !ahead)
      await endEarly(session, interruption.stop, reportAll(steps, done, options))
    listener.onStepStarted?.(step, index, steps.length)
    for (const text of step.echoes) listener.onEcho?.(step, text)
    session.onNotice(notice => listener.onNotice?.(step, notice))
    const started = performance.now()
    try {
      const sent = ahead
      ahead = await cancelOnAbort(session, interruption?.cancel, () =>
        runStep(session, underway, sent, options),
      )
    } catch (error) {
      const failed: StepReport = {
        ...plainReport(step),
        state: 'failed',
        durationMs: performance.now() - started,
      }
      throw await explain(session, error, failed, reportAll(steps, done, options, failed), options)
    }
    const durationMs = performance.now() - started
    done.push({ ...plainReport(step), state: 'applied', durationMs })
    listener.onStepDone?.(step, durationMs)
  }
  return done
}

async function endEarly(session: Session, signal: AbortSignal, steps: readonly StepReport[]): Promise<never> {
  await session.rollBack() // one transaction may hold all steps
  throw new RunInterruptedError(String(signal.reason), steps)
}

/** What the error of a step means for the run; a step that failed is undone first. */
async function explain(
  session: Session,
  error: unknown,
  failed: StepReport,
  steps: readonly StepReport[],
  options: RunOptions,
): Promise<unknown> {
  if (error instanceof SessionLostError) return new RunLostError(failed, steps, { cause: error })
  const cancel = options.interruption?.cancel
  // Canceled while only the transaction was being opened: there is nothing of a script to undo.
  if (error instanceof StatementError && cancel?.aborted)
    return new RunInterruptedError(String(cancel.reason), steps, { cause: error })
  if (!(error instanceof ScriptRunError)) return error
  await undo(session, failed, error, options)
  if (cancel?.aborted) return new RunInterruptedError(String(cancel.reason), steps, { cause: error })
  return new RevisionFailedError(failed, steps, error, options.transaction === 'each' ? 'each' : 'all')
}

/** The failure goes into the event log even if writing it fails too: what the user must see is the first error. */
async function undo(
  session: Session,
  { revision, direction, durationMs = 0 }: StepReport,
  { message, failure }: ScriptRunError,
  { schema, identity, turn, transaction }: RunOptions,
): Promise<void> {
  session.onNotice(() => {})
  const action = STEP_ACTIONS[direction]
  const event = { action, revision, outcome: 'failed', error: { message, ...failure }, durationMs } as const
  await session.rollBack().catch(() => {})
  if (transaction === 'open') return // nothing of it is to stay
  const footing = { ...turn.footing, proof: [], claim: [] }
  const record = betweenStatements([recordEvent(schema, event, identity)], footing)
  await session
    .send(
      record.map(text => ({ text })),
      { isLast: true },
    )
    .done.catch(() => {})
}

/** A report of every step; what one transaction held is undone with the step that failed. */
function reportAll(
  steps: readonly RunnableStep[],
  done: readonly StepReport[],
  { transaction }: RunOptions,
  failed?: StepReport,
): StepReport[] {
  const before = transaction !== 'each' ? steps.slice(0, done.length).map(plainReport) : done
  const rest = steps.slice(done.length).map(plainReport)
  return [...before, ...(failed ? [failed, ...rest.slice(1)] : rest)]
}

function plainReport({ revision, direction }: RunnableStep): StepReport {
  return { revision, direction, state: 'not run' }
}
