import { appliedIds, readLedger } from '../database/ledger.ts'
import { withDatabase } from '../database/open-database.ts'
import type { Session } from '../database/session.ts'
import { heads } from '../graph/lineage.ts'
import type { RevisionId } from '../revision/revision.ts'
import { compareCatalogs, type Difference, readCatalog } from '../scratch/compare.ts'
import { type ScratchServer, withScratchServer } from '../scratch/server.ts'
import { serverDifferences } from '../scratch/server-differences.ts'
import { withState } from '../scratch/state.ts'
import type { Settings } from '../settings/settings.ts'
import { compareWithLedger, type Disagreement } from './agreement.ts'
import type { ProofListener } from './prove-convergence.ts'
import { type History, readHistory } from './read-history.ts'
import { upSteps } from './scratch-steps.ts'
import { scriptReader } from './script-reader.ts'

/** What is not as it should be, in the files, in the ledger and in the schema. */
export interface CheckReport extends Disagreement {
  /** For people, without password. */
  readonly database: string
  /** The heads of the history, where there are more than `max_heads` allows. */
  readonly tooManyHeads: readonly RevisionId[]
  /** What the database's schema has otherwise than its applied set gives; undefined when that is not known. */
  readonly drift?: Drift
}

/** `sql` would bring the database back. */
export interface Drift extends Difference {
  /** What no comparison could see, one sentence each. */
  readonly notCompared: readonly string[]
}

/**
 * Checks the revision files, the ledger against them, and the live schema against what the applied set gives on the
 * scratch server, as long as files and ledger agree on that set. Changes nothing in the database. Throws what reading,
 * connecting, replaying and the scratch server throw.
 */
export async function check(settings: Settings, listener: ProofListener = {}): Promise<CheckReport> {
  const history = readHistory(settings)
  const open = heads(history.graph)
  return withDatabase(settings, listener, async session => {
    const ledger = await readLedger(session, settings.ledgerSchema)
    const disagreement = compareWithLedger(history, ledger, scriptReader(settings))
    const { unknown, changed, incomplete } = disagreement
    const report = {
      ...disagreement,
      database: session.description,
      tooManyHeads: open.length > (settings.maxHeads ?? 1) ? open : [],
    }
    if (unknown.length + changed.length + incomplete.length > 0) return report
    const applied = appliedIds(ledger)
    const drift = await withScratchServer(settings, listener, async server => {
      for (const warning of await serverDifferences(session, server)) listener.onWarning?.(warning)
      return findDrift({ session, server, settings, history, listener }, applied)
    })
    return { ...report, drift }
  })
}

/** Whether nothing was found. */
export function isClean({ tooManyHeads, unknown, changed, missed, incomplete, drift }: CheckReport): boolean {
  const found = [tooManyHeads, unknown, changed, missed, incomplete, drift?.changes ?? []]
  return found.every(list => list.length === 0)
}

interface DriftSearch {
  readonly session: Session
  readonly server: ScratchServer
  readonly settings: Settings
  readonly history: History
  readonly listener: ProofListener
}

async function findDrift(
  { session, server, settings, history, listener }: DriftSearch,
  applied: readonly RevisionId[],
): Promise<Drift> {
  const { ledgerSchema } = settings
  const scope = { ledgerSchema, ignoresOwners: true }
  const steps = upSteps(history, settings, applied)
  const expected = await withState(server, steps, { ledgerSchema, listener }, copy =>
    readCatalog(copy, scope),
  )
  const live = await readCatalog(session, scope)
  const difference = await compareCatalogs(live, expected, ['in the database', 'by the revisions'])
  return { ...difference, notCompared: live.notCompared }
}
