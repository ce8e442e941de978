import type { ServerMessage } from '../errors/database-errors.ts'
import { RevisionFailedError, ScriptRunError, type StepReport } from '../errors/run-errors.ts'
import {
  type Duration,
  type LedgerEntry,
  type RunIdentity,
  recordApplied,
  recordDownBegun,
  recordEvent,
  recordProgress,
  recordReverted,
  recordUpBegun,
} from '../ledger/bookkeeping.ts'
import type { TransactionMode } from '../revision/revision.ts'
import {
  type ProgressBookkeeping,
  type RunnableScript,
  runInTransaction,
  runOutsideTransaction,
  type Sequel,
  type Unit,
} from './run-script.ts'
import type { Session } from './session.ts'
import { betweenStatements, opening, type ScriptLimits } from './transaction.ts'

/** A step of a plan with everything that running it takes. */
export type RunnableStep = RunnableUp | RunnableDown

export interface RunnableUp extends RunnableScripts {
  readonly direction: 'up'
  /** What the ledger will keep. */
  readonly entry: LedgerEntry
}

export interface RunnableDown extends RunnableScripts {
  readonly direction: 'down'
}

interface RunnableScripts {
  readonly revision: string
  readonly message: string
  readonly script: RunnableScript
  /** What the script prints with `\echo`, told when the step starts: all of a script goes out at once. */
  readonly echoes: readonly string[]
  readonly verify?: RunnableScript
  readonly transaction: TransactionMode
  readonly limits: ScriptLimits
  /** Statements done by an attempt that did not finish. */
  readonly resumeAfter?: number
}

export interface RunOptions {
  readonly schema: string
  /** What the event log calls it. */
  readonly action: 'upgrade' | 'downgrade'
  /** Whether each step is committed by itself, or all are with the last; then none may be `transaction: off`. */
  readonly transaction: 'each' | 'all'
  readonly identity: RunIdentity
  readonly listener: RunListener
}

/** Told about a run while it goes on; `index` counts from 0. */
export interface RunListener {
  readonly onStepStarted?: (step: RunnableStep, index: number, total: number) => void
  readonly onStepDone?: (step: RunnableStep, durationMs: number) => void
  readonly onEcho?: (step: RunnableStep, text: string) => void
  readonly onNotice?: (step: RunnableStep, notice: ServerMessage) => void
}

/**
 * Runs steps in their order and records each. The caller holds the lock. Gives a report of every step.
 * Throws `RevisionFailedError` at the first failure, after undoing that step; those before it stay applied, unless all
 * run in one transaction.
 */
export async function runPlan(
  session: Session,
  steps: readonly RunnableStep[],
  options: RunOptions,
): Promise<readonly StepReport[]> {
  const reports: StepReport[] = []
  let isOpen = false
  for (const [index, step] of steps.entries()) {
    options.listener.onStepStarted?.(step, index, steps.length)
    for (const text of step.echoes) options.listener.onEcho?.(step, text)
    session.onNotice(notice => options.listener.onNotice?.(step, notice))
    const started = performance.now()
    try {
      isOpen = await runStep(session, step, steps[index + 1], isOpen, options)
    } catch (error) {
      if (!(error instanceof ScriptRunError)) throw error
      const durationMs = performance.now() - started
      await undo(session, step, error, durationMs, options)
      throw stepFailure(error, steps, reports, durationMs, options)
    }
    const durationMs = performance.now() - started
    reports.push({ ...plainReport(step), state: 'applied', durationMs })
    options.listener.onStepDone?.(step, durationMs)
  }
  return reports
}

/** Tells whether a transaction is open afterwards. */
async function runStep(
  session: Session,
  step: RunnableStep,
  next: RunnableStep | undefined,
  isOpen: boolean,
  options: RunOptions,
): Promise<boolean> {
  if (step.transaction === 'off') {
    await runOutsideTransaction(session, unit(step, options), progressBookkeeping(step, options))
    return false
  }
  if (!isOpen) await session.pipeline(opening(step.limits))
  return runInTransaction(session, unit(step, options), sequel(next, options))
}

function sequel(next: RunnableStep | undefined, { transaction }: RunOptions): Sequel {
  return {
    commits: transaction === 'each' || next === undefined,
    ...(next?.transaction === 'on' && { nextLimits: next.limits }),
  }
}

function unit(step: RunnableStep, { schema, action, identity, transaction }: RunOptions): Unit {
  const { revision } = step
  const began = transaction === 'each' ? 'since the transaction began' : 'since the last event of the run'
  return {
    script: step.script,
    ...(step.verify ? { verify: step.verify } : {}),
    limits: step.limits,
    bookkeeping: (durationMs: Duration = began) => [
      step.direction === 'up'
        ? recordApplied(schema, step.entry, identity, durationMs)
        : recordReverted(schema, revision),
      recordEvent(schema, { action, revision, outcome: 'done', durationMs }, identity),
    ],
  }
}

function progressBookkeeping(step: RunnableStep, { schema, identity }: RunOptions): ProgressBookkeeping {
  const { revision, resumeAfter = 0 } = step
  return {
    resumeAfter,
    begun:
      step.direction === 'up'
        ? recordUpBegun(schema, step.entry, identity)
        : recordDownBegun(schema, revision, step.script.text, resumeAfter),
    progress: statementsDone => recordProgress(schema, revision, statementsDone),
  }
}

/** The failure goes into the event log even if writing it fails too: what the user must see is the first error. */
async function undo(
  session: Session,
  step: RunnableStep,
  error: ScriptRunError,
  durationMs: number,
  { schema, action, identity }: RunOptions,
): Promise<void> {
  session.onNotice(() => {})
  const facts = { message: error.message, ...error.failure }
  const event = { action, revision: step.revision, outcome: 'failed', error: facts, durationMs } as const
  await session.query('rollback')
  await session.query(betweenStatements([recordEvent(schema, event, identity)])).catch(() => {})
}

function stepFailure(
  error: ScriptRunError,
  steps: readonly RunnableStep[],
  done: readonly StepReport[],
  durationMs: number,
  { transaction }: RunOptions,
): RevisionFailedError {
  const [failed, ...notRun] = steps.slice(done.length).map(plainReport)
  const failure: StepReport = { ...(failed as StepReport), state: 'failed', durationMs }
  const before = transaction === 'all' ? steps.slice(0, done.length).map(plainReport) : done
  return new RevisionFailedError(failure, [...before, failure, ...notRun], error, transaction)
}

function plainReport(step: RunnableStep): StepReport {
  return { revision: step.revision, direction: step.direction, state: 'not run' }
}
