import type { ServerMessage } from './database-errors.ts'
import { resolutionOf } from './history-errors.ts'
import { SqlbraidError } from './sqlbraid-error.ts'

/** Where in a file something failed, and how it looks there: the line with a caret underneath. */
export interface Place {
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based, in characters. */
  readonly column: number
  readonly excerpt: string
}

/** `commit`: the statements passed, but not what was deferred to the end; `bookkeeping`: the ledger could not be written. */
export type FailurePhase = 'script' | 'verify' | 'bookkeeping' | 'commit'

/** How far one step of a plan came. */
export interface StepReport {
  readonly revision: string
  readonly direction: 'up' | 'down'
  readonly state: 'applied' | 'failed' | 'not run' | 'planned'
  /** Of the revision, where it is planned. */
  readonly message?: string
  readonly durationMs?: number
}

/** One script failed; `runPlan` turns it into an error about the revision. */
export class ScriptRunError extends SqlbraidError {
  readonly code = 'SCRIPT_FAILED'
  constructor(message: string, facts: ScriptFailure, options?: ErrorOptions) {
    super(message, options)
    this.failure = facts
  }
  readonly failure: ScriptFailure
}

/** The data of a COPY, which are read again when they are wanted, are not in their file any more as they were. */
export class DataChangedError extends SqlbraidError {
  readonly code = 'DATA_CHANGED'
  constructor(
    range: { readonly file: string; readonly from: number; readonly to: number },
    options?: ErrorOptions,
  ) {
    super(`The data of a COPY were changed in ${range.file} while it was read.`, options)
    this.range = range
  }
  /** In bytes. */
  readonly range: { readonly file: string; readonly from: number; readonly to: number }
}

export interface ScriptFailure {
  readonly phase: FailurePhase
  readonly place?: Place
  readonly server?: ServerMessage
  /** Of a script that commits statement by statement. */
  readonly progress?: { readonly statementsDone: number; readonly statementsTotal: number }
}

/**
 * A step of a plan failed. `REVISION_FAILED`: it was undone, the database is as it was before that revision, or,
 * where one transaction held them all, before the run.
 * `REVISION_INCOMPLETE`: a revision with `transaction: off` stopped half-way; the ledger knows how many of its
 * statements are done.
 */
export class RevisionFailedError extends SqlbraidError {
  readonly code: 'REVISION_FAILED' | 'REVISION_INCOMPLETE'
  override readonly suggestions: readonly string[]
  constructor(
    failed: StepReport,
    steps: readonly StepReport[],
    cause: ScriptRunError,
    /** What one transaction held. */
    transaction: 'each' | 'all',
  ) {
    super(failureSentence(failed, cause), { cause })
    const { progress } = cause.failure
    this.code = progress ? 'REVISION_INCOMPLETE' : 'REVISION_FAILED'
    this.suggestions = waysOut(failed, cause.failure)
    this.revision = failed.revision
    this.direction = failed.direction
    this.failure = cause.failure
    this.steps = steps
    this.transaction = transaction
  }
  readonly revision: string
  readonly direction: 'up' | 'down'
  readonly failure: ScriptFailure
  readonly steps: readonly StepReport[]
  readonly transaction: 'each' | 'all'
}

/** A signal ended a run: what was committed stays, the revision that ran was undone (or, without a transaction, noted). */
export class RunInterruptedError extends SqlbraidError {
  readonly code = 'INTERRUPTED'
  override readonly suggestions = ['sqlbraid status']
  constructor(signal: string, steps: readonly StepReport[], options?: ErrorOptions) {
    const done = steps.filter(({ state }) => state === 'applied').length
    const state = steps.length === 0 ? 'nothing was done' : `${done} of ${steps.length} steps are done`
    super(`Interrupted by ${signal}: ${state}.`, options)
    this.signal = signal
    this.steps = steps
  }
  /** `SIGINT`, `SIGTERM`. */
  readonly signal: string
  readonly steps: readonly StepReport[]
}

/** The connection, and with it the lock, was lost in the middle of a run. */
export class RunLostError extends SqlbraidError {
  readonly code = 'SESSION_LOST'
  override readonly suggestions = ['sqlbraid status']
  constructor(failed: StepReport, steps: readonly StepReport[], options?: ErrorOptions) {
    super(
      `The connection to the database was lost while revision ${failed.revision} was going ${failed.direction}; the server has undone it, unless it had just been committed: the status tells.`,
      options,
    )
    this.steps = steps
  }
  readonly steps: readonly StepReport[]
}

const ACTIVE_TRANSACTION = '25001'

function waysOut({ revision, direction }: StepReport, { progress, server }: ScriptFailure): string[] {
  const command = direction === 'up' ? 'upgrade' : 'downgrade'
  if (progress)
    return [`Mend the cause, then go on where it stopped: sqlbraid ${command} …`, resolutionOf(revision)]
  if (server?.sqlState !== ACTIVE_TRANSACTION) return []
  return ['If it must run outside a transaction, put "-- transaction: off" into the header']
}

function failureSentence(
  { revision, direction }: StepReport,
  { message, failure: { progress } }: ScriptRunError,
): string {
  const way = direction === 'up' ? 'going up' : 'going down'
  return progress
    ? `Revision ${revision} stopped half-way ${way}, ${progress.statementsDone} of ${progress.statementsTotal} statements are done: ${message}`
    : `Revision ${revision} failed ${way}: ${message}`
}
