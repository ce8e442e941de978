import { type Footing, OWN_SESSION } from '../ledger/footing.ts'
import type { Session } from './session.ts'

/** What keeps other runs out of the transactions of this one. */
export interface Turn {
  readonly footing: Footing
  /**
   * Makes an attempt, which opens a transaction as the footing says, and makes it anew until it is the run's turn. Throws
   * what the attempt throws, `LockTimeoutError` and `LedgerMovedError`.
   */
  readonly take: <T>(session: Session, attempt: () => Promise<T>) => Promise<T>
}

/** The turn of a run that has been alone since before it read the ledger. */
export function ownTurn(footing: Footing = OWN_SESSION): Turn {
  return { footing, take: (_, attempt) => attempt() }
}
