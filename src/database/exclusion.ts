import { lockedFooting } from '../ledger/footing.ts'
import type { Settings } from '../settings/settings.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { withLock } from './lock.ts'
import type { LockWait } from './lock-wait.ts'
import { sharedTurn, waitForClaims } from './row-lock.ts'
import type { Session } from './session.ts'
import { ownTurn, type Turn } from './turn.ts'

/** How the runs over one ledger are kept apart, as the setting `lock` says. */
export interface Exclusion {
  /** Does `use`, which reads the ledger and relies on it, when no other run is at work. */
  readonly around: <T>(use: () => Promise<T>) => Promise<T>
  /** As `around`, also while a run is half-way through a revision and no lock says so. */
  readonly pastClaims: <T>(use: () => Promise<T>) => Promise<T>
  /** Waits until the ledger can be read anew, after a `LedgerMovedError`. */
  readonly settled: () => Promise<void>
  /** The turn of a run that has read the ledger; `endedRuns` left revisions half-way, and are at none any more. */
  readonly turn: (runId: string, ledger: Ledger, endedRuns?: readonly string[]) => Turn
  /** Creates the ledger, or brings an older one up to date. Throws `LedgerRightsError` and `LedgerMovedError`. */
  readonly ensureLedger: (ledger: Ledger) => Promise<void>
}

/** The exclusion for one session. */
export function exclusionFor(
  session: Session,
  settings: Pick<Settings, 'lock' | 'ledgerSchema' | 'role'>,
  wait: LockWait,
): Exclusion {
  return EXCLUSIONS[settings.lock](session, settings, wait)
}

const EXCLUSIONS: Readonly<Record<Settings['lock'], typeof exclusionFor>> = {
  advisory: (session, { ledgerSchema: schema }, wait) => ({
    around: use => withLock(session, schema, wait, use),
    pastClaims: use => withLock(session, schema, wait, use),
    settled: async () => {},
    turn: () => ownTurn(lockedFooting(schema)),
    ensureLedger: ({ version }) => createLedger(session, schema, version),
  }),
  row: (session, { ledgerSchema: schema, role }, wait) => {
    const settled = () => waitForClaims(session, schema, wait)
    return {
      around: async use => {
        await settled()
        return use()
      },
      pastClaims: use => use(),
      settled,
      turn: (runId, ledger, endedRuns = endedRunsIn(ledger)) =>
        sharedTurn({ schema, role, runId, lastEvent: ledger.lastEvent, endedRuns }, wait),
      ensureLedger: ({ version }) => createLedger(session, schema, version, role),
    }
  },
}

function endedRunsIn({ revisions }: Ledger): string[] {
  return revisions.filter(({ pending }) => pending?.hasEnded).map(({ runId }) => runId)
}
