import type { LedgerRevision } from '../database/ledger.ts'
import { extendGraph } from '../graph/extend-graph.ts'
import { headsOf } from '../graph/lineage.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { RevisionId } from '../revision/revision.ts'
import { appliedSet } from './applied-set.ts'
import type { DatabaseState } from './read-state.ts'

/**
 * How one database has one revision. `changed`: applied, and the up script is another one now; `incomplete`: stopped
 * half-way; `unknown`: applied, but not in this checkout.
 */
export type Standing = 'applied' | 'changed' | 'incomplete' | 'pending' | 'unknown'

/** Where one database stands, revision by revision. */
export interface Standings {
  readonly applied: ReadonlySet<RevisionId>
  /** The heads of the applied set. */
  readonly current: ReadonlySet<RevisionId>
  readonly standingOf: (id: RevisionId) => Standing
  /** What the ledger says of a revision; nothing of a pending one. */
  readonly entryOf: (id: RevisionId) => LedgerRevision | undefined
}

/** The standings of a database, and the graph with what only that database knows in its place. */
export function standingsIn(state: DatabaseState): {
  readonly graph: RevisionGraph
  readonly standings: Standings
} {
  const graph = extendGraph(state.history.graph, state.ledger.revisions)
  const applied = appliedSet(state.ledger)
  const entries = new Map(state.ledger.revisions.map(entry => [entry.id, entry]))
  const exceptions = exceptionsIn(state)
  const standingOf = (id: RevisionId) => exceptions.get(id) ?? (entries.has(id) ? 'applied' : 'pending')
  const current = new Set(headsOf(graph, applied))
  return { graph, standings: { applied, current, standingOf, entryOf: id => entries.get(id) } }
}

/** What stopped half-way matters most, then what is not in this checkout. */
function exceptionsIn({ changed, unknown, incomplete }: DatabaseState): ReadonlyMap<RevisionId, Standing> {
  return new Map<RevisionId, Standing>([
    ...changed.map(({ id }) => [id, 'changed'] as const),
    ...unknown.map(id => [id, 'unknown'] as const),
    ...incomplete.map(id => [id, 'incomplete'] as const),
  ])
}
