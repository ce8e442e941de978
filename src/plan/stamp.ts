import { unknownIn, withRequirements } from '../graph/lineage.ts'
import { resolveTarget } from '../graph/resolve-target.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import { parseTarget } from '../graph/target.ts'
import type { RevisionId } from '../revision/revision.ts'
import { revertedAbove } from './downgrade.ts'
import { makePlan, type Plan } from './plan.ts'

/** How a stamp treats what was applied before. */
export interface StampOptions {
  /** Keeps only what the targets require; revisions the graph does not know go too. */
  readonly purge?: boolean
}

/**
 * Plans to say, without running a script, that the database stands at the targets: they and all they require
 * count as applied, and what stands above a target does not, unless another target requires it. A head that
 * is neither above nor below a target stays. The steps are to be recorded, not run.
 *
 * @throws what `resolveTarget` throws
 */
export function planStamp(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId>,
  targets: readonly string[],
  { purge = false }: StampOptions = {},
): Plan {
  const context = { graph, applied, command: 'stamp' }
  const positions = targets.map(text => resolveTarget(context, parseTarget(text, context.command)))
  const kept = withRequirements(
    graph,
    positions.flatMap(({ revisions }) => revisions),
  )
  const leaving = purge
    ? applied
    : positions.flatMap(position => [...revertedAbove(graph, applied, position)])
  const reverted = new Set([...leaving].filter(id => !kept.has(id)))
  const added = new Set([...kept].filter(id => !applied.has(id)))
  const plan = makePlan(graph, applied, targets, { reverted, added })
  const forgotten = unknownIn(graph, reverted).map(revision => ({ revision, direction: 'down' }) as const)
  return { ...plan, steps: [...forgotten, ...plan.steps] }
}

/**
 * Plans to say that exactly these revisions are applied besides what is: another tool may have applied one and not all that it
 * stands on, which is for an upgrade to make good.
 */
export function planAdoption(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId>,
  adopted: readonly RevisionId[],
): Plan {
  return makePlan(graph, applied, adopted, { added: new Set(adopted.filter(id => !applied.has(id))) })
}
