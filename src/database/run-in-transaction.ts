import { StatementError } from '../errors/database-errors.ts'
import { afterScript, continuing, opening, type ScriptLimits } from '../ledger/transaction.ts'
import {
  explainFailure,
  type Part,
  type RunnableScript,
  requireNotFalse,
  sendParts,
  statementParts,
  verifyParts,
} from './script-parts.ts'
import { sendInOrder } from './send-in-order.ts'
import type { Session } from './session.ts'
import type { Turn } from './turn.ts'

/** What is run and recorded as one. */
export interface Unit {
  readonly script: RunnableScript
  readonly verify?: RunnableScript
  readonly limits: ScriptLimits
  readonly turn: Turn
  /** SQL that records the script as done, after so long; where it runs in a transaction, its owner knows since when. */
  readonly bookkeeping: (duration?: number) => readonly string[]
}

/** What comes behind a unit. */
export interface Sequel {
  /** Whether the unit commits, or leaves that to a later one. */
  readonly commits: boolean
  /** Of the unit that runs next in a transaction. */
  readonly nextLimits?: ScriptLimits
}

/**
 * Runs a unit inside the transaction that is open, and goes on as its sequel says. Script, bookkeeping, COMMIT and next
 * BEGIN are one round trip (two with a verify script, whose answers decide). Tells whether a transaction is open
 * afterwards. Throws `ScriptRunError`; the transaction is then still to be rolled back.
 */
export async function runInTransaction(session: Session, unit: Unit, sequel: Sequel): Promise<boolean> {
  const script = statementParts(unit.script, 'script')
  if (!unit.verify) return sendAndEnd(session, unit, [...script, ...endingParts(unit, sequel)], sequel)
  const parts = [...script, ...verifyParts(unit.verify, unit.limits, unit.turn.footing)]
  requireNotFalse(parts, await sendParts(session, parts))
  return sendAndEnd(session, unit, endingParts(unit, sequel), sequel)
}

function endingParts({ bookkeeping, turn: { footing } }: Unit, { commits, nextLimits }: Sequel): Part[] {
  const recorded = afterScript(bookkeeping(), footing)
  if (commits) {
    return [
      { text: recorded, phase: 'bookkeeping' },
      { text: 'commit', phase: 'commit' },
    ]
  }
  const text = nextLimits ? `${recorded};\n${continuing(nextLimits, footing)}` : recorded
  return [{ text, phase: 'bookkeeping' }]
}

async function sendAndEnd(
  session: Session,
  { turn: { footing } }: Unit,
  parts: readonly Part[],
  { commits, nextLimits }: Sequel,
): Promise<boolean> {
  const next = commits && nextLimits ? opening(nextLimits, footing) : []
  try {
    await sendInOrder(session, [...parts, ...next.map(text => ({ text }))])
    return nextLimits !== undefined
  } catch (error) {
    const failure = explainFailure(error, parts)
    if (failure) throw failure
    if (!(error instanceof StatementError)) throw error
    await session.rollBack() // committed, but not all of what should have opened the next transaction
    return false
  }
}
