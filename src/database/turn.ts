import { type Footing, OWN_SESSION } from '../ledger/footing.ts'
import { opening, type ScriptLimits } from '../ledger/transaction.ts'
import type { Session } from './session.ts'

/** What keeps other runs out of the transactions of this one. */
export interface Turn {
  readonly footing: Footing
  /** Opens the transaction of a script, when it is the run's turn. Throws `LockTimeoutError` and `LedgerMovedError`. */
  readonly open: (session: Session, limits: ScriptLimits) => Promise<void>
}

/** The turn of a run that has been alone since before it read the ledger. */
export function ownTurn(footing: Footing = OWN_SESSION): Turn {
  return {
    footing,
    open: async (session, limits) => {
      await session.pipeline(opening(limits, footing))
    },
  }
}
