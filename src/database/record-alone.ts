import { afterScript, opening, type ScriptLimits } from '../ledger/transaction.ts'
import type { Session } from './session.ts'
import type { Turn } from './turn.ts'

/**
 * Records something in a transaction of its own, when it is the run's turn. Throws `StatementError`, and what taking the
 * turn throws.
 */
export async function recordAlone(
  session: Session,
  turn: Turn,
  limits: ScriptLimits,
  bookkeeping: readonly string[],
): Promise<void> {
  const texts = [...opening(limits, turn.footing), ...afterScript(bookkeeping, turn.footing), 'commit']
  const statements = texts.map(text => ({ text }))
  await turn.take(session, () => session.send(statements, { isLast: true }).done)
}
