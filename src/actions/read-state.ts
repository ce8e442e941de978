import { type Ledger, readLedger } from '../database/ledger.ts'
import { type DatabaseListener, withDatabase } from '../database/open-database.ts'
import { extendGraph } from '../graph/extend-graph.ts'
import { headsOf } from '../graph/lineage.ts'
import { planUpgrade } from '../plan/upgrade.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { compareWithLedger, type Disagreement } from './agreement.ts'
import { appliedSet } from './applied-set.ts'
import { type History, readHistory } from './read-history.ts'
import { scriptReader } from './script-reader.ts'

/** Where a database stands, seen from this checkout. */
export interface DatabaseState extends Disagreement {
  /** For people, without password. */
  readonly database: string
  readonly history: History
  readonly ledger: Ledger
  readonly heads: readonly RevisionId[]
  /** Which revisions `upgrade heads` would apply, in their order. */
  readonly pending: readonly RevisionId[]
}

/** Reads the files and the ledger; changes nothing, and does not mind what it finds. */
export async function readState(settings: Settings, listener: DatabaseListener = {}): Promise<DatabaseState> {
  const history = readHistory(settings)
  return withDatabase(settings, listener, async session => {
    const ledger = await readLedger(session, settings.ledgerSchema)
    const applied = appliedSet(ledger)
    return {
      ...compareWithLedger(history, ledger, scriptReader(settings)),
      database: session.description,
      history,
      ledger,
      heads: headsOf(extendGraph(history.graph, ledger.revisions), applied),
      pending: planUpgrade(history.graph, applied, ['heads']).steps.map(({ revision }) => revision),
    }
  })
}
