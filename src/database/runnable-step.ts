import type { LedgerEntry } from '../ledger/bookkeeping.ts'
import type { ScriptLimits } from '../ledger/transaction.ts'
import type { TransactionMode } from '../revision/revision.ts'
import type { RunnableScript } from './script-parts.ts'

/** A step of a plan with everything that running it takes. */
export type RunnableStep = RunnableUp | RunnableDown

export interface RunnableUp extends RunnableScripts {
  readonly direction: 'up'
  /** What the ledger will keep. */
  readonly entry: LedgerEntry
  /** The ledger has no row of it, and the run itself makes none before it is done. */
  readonly isNew: boolean
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
