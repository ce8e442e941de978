import { ScriptRunError } from '../errors/run-errors.ts'
import { afterScript, setLimits, withinStatement } from '../ledger/transaction.ts'
import { needsNoTransaction } from '../script/transaction-control.ts'
import { bookkeep, recordEnd } from './between-statements.ts'
import { runLoneStatement } from './lone-statement.ts'
import { type Patience, withRetries } from './patience.ts'
import type { Unit } from './run-in-transaction.ts'
import { ownParts, type Part, sendAlone, sendParts } from './script-parts.ts'
import type { Session } from './session.ts'

/** One statement of a script, with those before it that have changed settings. */
export interface ScriptStatement {
  readonly settings: readonly Part[]
  readonly part: Part
  /** SQL that records it as done. */
  readonly recorded: string
  /** SQL that records the whole script as done, where it is the last statement. */
  readonly ending?: (() => readonly string[]) | undefined
}

/**
 * Runs a statement and commits it together with its record or, where PostgreSQL allows it no transaction, before that: then
 * the record may be that of the whole script, which it tells. Throws `ScriptRunError`.
 */
export async function runStatement(
  session: Session,
  unit: Unit,
  statement: ScriptStatement,
  patience: Patience,
): Promise<'statement done' | 'script done'> {
  const { part, recorded, ending } = statement
  const isTried = !part.origin || !needsNoTransaction(part.origin.statement)
  if (isTried && (await runsInTransaction(session, unit, statement, patience))) return 'statement done'
  if (unit.turn.footing.keepsSession) await sendAlone(session, part)
  else {
    await bookkeep(session, unit, []) // fails when the revision is no more the run's
    await runLoneStatement(session, part, { limits: unit.limits, onBlocked: patience.onBlocked })
  }
  if (ending) await recordEnd(session, unit, ending())
  else await bookkeep(session, unit, [recorded])
  return ending ? 'script done' : 'statement done'
}

/** Tells whether the statement could be run, and recorded, in a transaction; if not, nothing has happened. */
async function runsInTransaction(
  session: Session,
  unit: Unit,
  statement: ScriptStatement,
  patience: Patience,
): Promise<boolean> {
  const parts = inTransaction(unit, statement)
  try {
    await withRetries(session, patience, async () => {
      await session.query('begin read write')
      await sendParts(session, parts)
    })
    return true
  } catch (error) {
    const sqlState = error instanceof ScriptRunError ? error.failure.server?.sqlState : undefined
    if (sqlState === undefined) throw error
    await session.rollBack()
    if (NO_TRANSACTION_ALLOWED.includes(sqlState)) return false
    throw error
  }
}

/** Where the session keeps no settings, each transaction makes them anew and leaves none behind. */
function inTransaction({ turn: { footing }, limits }: Unit, statement: ScriptStatement): Part[] {
  const { settings, part, recorded } = statement
  const commit = { text: 'commit', phase: 'commit' } as const
  if (footing.keepsSession)
    return [part, ...ownParts(withinStatement([recorded], footing), 'bookkeeping'), commit]
  const own = [...footing.identity, ...setLimits(limits, 'set local'), ...footing.claim]
  const books = ownParts(afterScript([recorded], footing), 'bookkeeping')
  return [...ownParts(own, 'script'), ...settings, part, ...books, commit]
}

/** active_sql_transaction (VACUUM, …), invalid_transaction_termination (a procedure that commits). */
const NO_TRANSACTION_ALLOWED = ['25001', '2D000']
