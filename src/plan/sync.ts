import { extendGraph } from '../graph/extend-graph.ts'
import { unknownIn, withDependents } from '../graph/lineage.ts'
import { buildGraph, type GraphRevision, type RevisionGraph } from '../graph/revision-graph.ts'
import type { RevisionId } from '../revision/revision.ts'
import { joinPlans, makePlan, type Plan } from './plan.ts'
import { planUpgrade } from './upgrade.ts'

/**
 * Plans to make a database match a history: what the history does not know is reverted, with all that was applied
 * upon it, then the heads and what they require are applied. What goes down follows the ledger, for there it was
 * applied, perhaps upon other parents than it has now; what goes up follows the history.
 *
 * Takes the history, the ledger's rows in the order they were applied, and the applied set.
 */
export function planSync(
  graph: RevisionGraph,
  rows: readonly GraphRevision[],
  applied: ReadonlySet<RevisionId>,
): Plan {
  const asApplied = extendGraph(buildGraph([]), rows)
  const leaving = withDependents(asApplied, unknownIn(graph, applied))
  const reverted = new Set([...leaving].filter(id => applied.has(id)))
  const kept = new Set([...applied].filter(id => !reverted.has(id)))
  return joinPlans(makePlan(asApplied, applied, ['heads'], { reverted }), planUpgrade(graph, kept, ['heads']))
}
