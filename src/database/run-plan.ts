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
import type { GroupFrom } from './groups.ts'
import { runGroup } from './run-group.ts'
import type { SentUnit } from './run-in-transaction.ts'
import type { RunOptions } from './run-options.ts'
import { runStep, type StepUnderWay, underWay } from './run-step.ts'
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
  const run: PlanUnderWay = { session, steps, options, done: [], begun: 0, ...underWay(steps, options) }
  for (let before: Advance = { durations: [] }; run.done.length < steps.length; )
    before = await advance(run, before)
  return run.done
}

interface PlanUnderWay {
  readonly session: Session
  readonly steps: readonly RunnableStep[]
  readonly options: RunOptions
  readonly all: readonly StepUnderWay[]
  groupFrom: GroupFrom
  /** Of the steps that are done. */
  readonly done: StepReport[]
  /** How many steps were begun, whether or not they are to be tried again. */
  begun: number
}

/** How far a run came with what it last tried. */
interface Advance {
  /** How long each of the steps took that are done with it, in milliseconds. */
  readonly durations: readonly number[]
  /** Why the next step is to be tried by itself. */
  readonly failure?: Error | undefined
  /** What was sent of the next step already. */
  readonly ahead?: SentUnit | undefined
}

/** Runs the next step, or those that are committed together with it. */
async function advance(run: PlanUnderWay, before: Advance): Promise<Advance> {
  const { session, steps, options, done } = run
  const { listener, interruption } = options
  const first = done.length
  if (interruption?.stop.aborted && !before.ahead)
    await endEarly(session, interruption.stop, reportAll(steps, done, options))
  let running = first
  const onStarted = (position: number) => {
    running = first + position
    if (running < run.begun) return
    run.begun = running + 1
    listener.onStepStarted?.(steps[running] as RunnableStep, running, steps.length)
  }
  const started = performance.now()
  try {
    const group = before.failure ? [] : run.groupFrom(first)
    const end =
      group.length > 0
        ? await runGroup(session, group, options, onStarted)
        : await runAlone(run, before.ahead, onStarted)
    for (const [index, durationMs] of end.durations.entries())
      done.push({ ...plainReport(steps[first + index] as RunnableStep), state: 'applied', durationMs })
    if (end.failure && interruption?.cancel.aborted) throw end.failure
    // Not even what came to its end could be committed: the reason may be anywhere, and is found one by one.
    if (end.failure && end.durations.length === 0) run.groupFrom = () => []
    return end
  } catch (error) {
    const durationMs = performance.now() - started
    const failed: StepReport = { ...plainReport(steps[running] as RunnableStep), state: 'failed', durationMs }
    throw await explain(session, error, failed, reportAll(steps, done, options, failed), options)
  }
}

async function runAlone(
  { session, all, options, done }: PlanUnderWay,
  ahead: SentUnit | undefined,
  onStarted: (position: number) => void,
): Promise<Advance> {
  const { listener, interruption } = options
  const underway = all[done.length] as StepUnderWay
  const { step } = underway
  onStarted(0)
  for (const text of step.echoes) listener.onEcho?.(step, text)
  session.onNotice(notice => listener.onNotice?.(step, notice))
  const started = performance.now()
  const sentNext = await cancelOnAbort(session, interruption?.cancel, () =>
    runStep(session, underway, ahead, options),
  )
  const durationMs = performance.now() - started
  listener.onStepDone?.(step, durationMs)
  return { durations: [durationMs], ahead: sentNext }
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
  const kept = transaction === 'each' ? done : []
  return steps.map((step, index) => {
    if (failed?.revision === step.revision) return failed
    return kept[index] ?? plainReport(step)
  })
}

function plainReport({ revision, direction }: RunnableStep): StepReport {
  return { revision, direction, state: 'not run' }
}
