import { BadTargetError, NotAppliedError } from '../errors/graph-errors.ts'
import { bases, closure, withAncestors, withDependents } from '../graph/lineage.ts'
import { type Position, resolveTarget } from '../graph/resolve-target.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import { formatTarget, parseTarget } from '../graph/target.ts'
import type { RevisionId } from '../revision/revision.ts'
import { makePlan, type Plan } from './plan.ts'

/**
 * Plans to revert every applied descendant of the targets, with all that depends on one of those. A sibling
 * branch stays, and so do all parents of a merge point that is reverted. Each target is gone down to; those
 * of several targets are reverted together.
 *
 * @throws NotAppliedError when neither a target nor anything above it is applied
 * @throws BadTargetError for a target that counts up from what is applied, and what `resolveTarget` throws
 */
export function planDowngrade(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId>,
  targets: readonly string[],
): Plan {
  const reverted = new Set(targets.flatMap(target => [...revertedBy(graph, applied, target)]))
  return makePlan(graph, applied, targets, { reverted })
}

/** The applied revisions that do not outlast going down to `position`. */
export function revertedAbove(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId>,
  position: Position,
): Set<RevisionId> {
  const above = firstAbove(graph, position)
  const roots = position.lineage === undefined ? above : ownOf(graph, applied, above, position.lineage)
  return new Set([...withDependents(graph, roots)].filter(id => applied.has(id)))
}

function revertedBy(graph: RevisionGraph, applied: ReadonlySet<RevisionId>, text: string): Set<RevisionId> {
  const target = parseTarget(text, 'downgrade')
  if (target.anchor === 'current' && target.offset > 0) {
    throw new BadTargetError(text, 'goes up, and a downgrade goes down', [
      `sqlbraid upgrade ${formatTarget(target)}`,
    ])
  }
  const position = resolveTarget({ graph, applied, command: 'downgrade' }, target)
  const reverted = revertedAbove(graph, applied, position)
  const missing = position.revisions.filter(id => !applied.has(id))
  if (reverted.size === 0 && missing.length > 0) throw new NotAppliedError(missing)
  return reverted
}

function firstAbove(graph: RevisionGraph, { undone, revisions }: Position): readonly RevisionId[] {
  if (undone !== undefined) return [undone]
  return revisions.length === 0 ? bases(graph) : revisions.flatMap(id => graph.children(id))
}

/** What the lineage has, from `above` on, for itself: no applied revision of another branch stands on it. */
function ownOf(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId>,
  above: readonly RevisionId[],
  lineage: ReadonlySet<RevisionId>,
): RevisionId[] {
  const others = [...applied].filter(id => !lineage.has(id))
  const shared = withAncestors(graph, others)
  const members = closure(
    above.filter(id => lineage.has(id)),
    id => graph.children(id).filter(child => lineage.has(child)),
  )
  return [...members].filter(id => !shared.has(id))
}
