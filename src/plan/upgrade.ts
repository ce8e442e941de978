import { BadTargetError } from '../errors/graph-errors.ts'
import { withRequirements } from '../graph/lineage.ts'
import { resolveTarget } from '../graph/resolve-target.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import { formatTarget, parseTarget } from '../graph/target.ts'
import type { RevisionId } from '../revision/revision.ts'
import { makePlan, type Plan } from './plan.ts'

/**
 * Plans to apply the targets and all they require, along parents and dependencies, that is not applied.
 *
 * @throws BadTargetError for a target that counts down from what is applied, and what `resolveTarget` throws
 */
export function planUpgrade(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId>,
  targets: readonly string[],
): Plan {
  const wanted = upgradeTargets(graph, applied, targets)
  const added = new Set([...withRequirements(graph, wanted)].filter(id => !applied.has(id)))
  return makePlan(graph, applied, targets, { added })
}

/** The revisions that the targets of an upgrade name; without an applied set no target may count from it. */
export function upgradeTargets(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId> | undefined,
  targets: readonly string[],
): RevisionId[] {
  return targets.flatMap(text => {
    const target = parseTarget(text, 'upgrade')
    if (target.anchor === 'current' && target.offset < 0) {
      throw new BadTargetError(text, 'goes down, and an upgrade goes up', [
        `sqlbraid downgrade ${formatTarget(target)}`,
      ])
    }
    return resolveTarget({ graph, applied, command: 'upgrade' }, target).revisions
  })
}

/** What an applied revision requires and the database does not have, in order: a revision inserted below it later. */
export function missedRevisions(graph: RevisionGraph, applied: ReadonlySet<RevisionId>): RevisionId[] {
  return planUpgrade(graph, applied, ['current']).steps.map(({ revision }) => revision)
}
