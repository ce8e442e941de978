import type { Claim } from '../errors/database-errors.ts'
import { type LeftBehind, lockedFooting, OWN_SESSION } from '../ledger/footing.ts'
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
  /** The turn of a run that has read the ledger, and goes on with what others have left behind. */
  readonly turn: (runId: string, ledger: Ledger, leftBehind?: readonly LeftBehind[]) => Turn
  /** Creates the ledger, or brings an older one up to date, as `createLedger`. */
  readonly ensureLedger: (ledger: Ledger) => Promise<boolean>
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
  advisory: (session, { ledgerSchema: schema }, wait) => {
    let footing = OWN_SESSION
    const around: Exclusion['around'] = use =>
      withLock(session, schema, wait, ({ settings }) => {
        footing = lockedFooting(settings)
        return use()
      })
    return {
      around,
      pastClaims: around,
      settled: async () => {},
      turn: () => ownTurn(footing),
      ensureLedger: ({ version }) => createLedger(session, schema, version),
    }
  },
  row: (session, { ledgerSchema: schema, role }, wait) => {
    const abandoned: Claim[] = []
    const settled = async () => {
      const claim = await waitForClaims(session, schema, wait)
      if (!claim) return
      abandoned.push(claim)
      wait.onAbandoned(claim)
    }
    return {
      around: async use => {
        await settled()
        return use()
      },
      pastClaims: use => use(),
      settled,
      turn: (runId, ledger, leftBehind = [...abandoned, ...endedIn(ledger)]) =>
        sharedTurn({ schema, role, runId, lastEvent: ledger.lastEvent, leftBehind }, wait),
      ensureLedger: ({ version }) => createLedger(session, schema, version, role),
    }
  },
}

function endedIn({ revisions }: Ledger): LeftBehind[] {
  return revisions.flatMap(({ runId, pending }) => (pending?.hasEnded ? [{ runId, ...pending }] : []))
}
