import { appliedIds, type Ledger } from '../database/ledger.ts'
import { withRequirements } from '../graph/lineage.ts'
import { resolveRevisions } from '../graph/resolve-target.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { RevisionId } from '../revision/revision.ts'

/** The applied set of a database, as plans take it. */
export function appliedSet(ledger: Ledger): ReadonlySet<RevisionId> {
  return new Set(appliedIds(ledger))
}

/** The applied set of an imagined database that stands at `heads` (ids, separated by commas; `base`: an empty one). */
export function appliedFrom(graph: RevisionGraph, heads: string, command: string): ReadonlySet<RevisionId> {
  const targets = heads.split(',').map(target => target.trim())
  return withRequirements(graph, resolveRevisions({ graph, command: `${command} --from` }, targets))
}
