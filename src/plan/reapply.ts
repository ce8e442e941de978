import { extendGraph } from '../graph/extend-graph.ts'
import { buildGraph, type GraphRevision, type RevisionGraph } from '../graph/revision-graph.ts'
import type { RevisionId } from '../revision/revision.ts'
import { appliedRevision } from './applied-revision.ts'
import { joinPlans, makePlan, type Plan } from './plan.ts'
import { planUndo } from './undo.ts'

/**
 * Plans to revert one applied revision and to apply it again. Takes the history, the ledger's rows in the order they
 * were applied, the applied set, and a target that names the revision.
 *
 * @throws BuiltUponError when other revisions were applied upon it, and what `appliedRevision` throws
 */
export function planReapply(
  graph: RevisionGraph,
  rows: readonly GraphRevision[],
  applied: ReadonlySet<RevisionId>,
  target: string,
): Plan {
  const revision = appliedRevision({ graph, applied, command: 'reapply' }, target)
  const without = new Set([...applied].filter(id => id !== revision))
  return joinPlans(
    planUndo(extendGraph(buildGraph([]), rows), applied, [revision]),
    makePlan(extendGraph(graph, rows), without, [target], { added: new Set([revision]) }),
  )
}
