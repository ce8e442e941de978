import { headsOf } from '../graph/lineage.ts'
import { orderRevisions } from '../graph/order.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { RevisionId } from '../revision/revision.ts'

/** One revision, applied or reverted. */
export interface Step {
  readonly revision: RevisionId
  readonly direction: 'up' | 'down'
}

/** What a command is going to do, in order. */
export interface Plan {
  /** What was asked for, as typed. */
  readonly target: string
  readonly steps: readonly Step[]
  /** The heads of the applied set before the first step and after the last; unknown revisions are among them. */
  readonly headsBefore: readonly RevisionId[]
  readonly headsAfter: readonly RevisionId[]
}

/** The change a plan makes to an applied set. */
export interface Change {
  readonly reverted?: ReadonlySet<RevisionId>
  readonly added?: ReadonlySet<RevisionId>
}

/** Puts a change in order: first what is reverted, the last applied first, then what is added. */
export function makePlan(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId>,
  targets: readonly string[],
  { reverted = new Set(), added = new Set() }: Change,
): Plan {
  const down = orderRevisions(graph, reverted).reverse()
  const up = orderRevisions(graph, added)
  const after = new Set([...applied].filter(id => !reverted.has(id)).concat(up))
  return {
    target: targets.join(' '),
    steps: [...down.map(revision => step(revision, 'down')), ...up.map(revision => step(revision, 'up'))],
    headsBefore: headsOf(graph, applied),
    headsAfter: headsOf(graph, after),
  }
}

/** One plan after the other, as one; the target is the second's. */
export function joinPlans(first: Plan, second: Plan): Plan {
  return { ...second, steps: [...first.steps, ...second.steps], headsBefore: first.headsBefore }
}

function step(revision: RevisionId, direction: Step['direction']): Step {
  return { revision, direction }
}
