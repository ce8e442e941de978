import { BuiltUponError } from '../errors/run-log-errors.ts'
import { withDependents } from '../graph/lineage.ts'
import { orderRevisions } from '../graph/order.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { RevisionId } from '../revision/revision.ts'
import { makePlan, type Plan } from './plan.ts'

/**
 * Plans to revert exactly these applied revisions, the last first.
 *
 * @throws BuiltUponError when other applied revisions require one of them
 */
export function planUndo(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId>,
  revisions: readonly RevisionId[],
): Plan {
  const reverted = new Set(revisions)
  const dependents = [...withDependents(graph, reverted)]
  const standing = new Set(dependents.filter(id => applied.has(id) && !reverted.has(id)))
  if (standing.size > 0) throw new BuiltUponError(orderRevisions(graph, standing))
  return makePlan(graph, applied, revisions, { reverted })
}
