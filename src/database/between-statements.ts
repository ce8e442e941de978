import { LedgerMovedError } from '../errors/database-errors.ts'
import { ScriptRunError } from '../errors/run-errors.ts'
import { LEDGER_MOVED } from '../ledger/footing.ts'
import { betweenStatements } from '../ledger/transaction.ts'
import type { Unit } from './run-in-transaction.ts'
import { ownParts, sendParts } from './script-parts.ts'
import type { Session } from './session.ts'

/**
 * Records something between two statements that commit one by one; with nothing to record it only makes sure of the
 * claim. Throws `ScriptRunError`.
 */
export async function bookkeep(
  session: Session,
  { turn }: Unit,
  bookkeeping: readonly string[],
): Promise<void> {
  await sendParts(session, ownParts(betweenStatements(bookkeeping, turn.footing), 'bookkeeping'))
}

/**
 * Records the end of a script whose statements commit one by one, and puts back what they have set. Throws
 * `ScriptRunError`.
 */
export async function recordEnd(session: Session, unit: Unit, bookkeeping: readonly string[]): Promise<void> {
  const texts = [...betweenStatements(bookkeeping, unit.turn.footing), ...puttingBack(unit)]
  await sendParts(session, ownParts(texts, 'bookkeeping'))
}

/** Puts back what the statements of a script that has failed may have set. */
export async function putBack(session: Session, unit: Unit): Promise<void> {
  const texts = puttingBack(unit)
  if (texts.length > 0) await session.query(texts.join('; '))
}

/** In a session that keeps what is set. */
function puttingBack({ turn: { footing } }: Unit): readonly string[] {
  return footing.keepsSession ? [...footing.reset, ...footing.between] : []
}

/** What fails because another run has taken over is no failure of the script: throws `LedgerMovedError` instead. */
export async function whileClaimed(session: Session, unit: Unit, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof ScriptRunError) || (await isClaimed(session, unit))) throw error
    throw new LedgerMovedError({ cause: error })
  }
}

async function isClaimed(session: Session, unit: Unit): Promise<boolean> {
  if (unit.turn.footing.claim.length === 0) return true
  try {
    await session.rollBack()
    await bookkeep(session, unit, [])
    return true
  } catch (error) {
    if (!(error instanceof ScriptRunError)) throw error
    await session.rollBack()
    return error.failure.server?.sqlState !== LEDGER_MOVED
  }
}
