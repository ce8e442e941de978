import { withRequirements } from '../graph/lineage.ts'
import { orderRevisions } from '../graph/order.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { RevisionId } from '../revision/revision.ts'

/** What must be tried to know whether two heads commute. */
export interface ConvergenceTrial {
  readonly heads: readonly [RevisionId, RevisionId]
  /** What both require, in order. */
  readonly shared: readonly RevisionId[]
  /** What only the first requires, and what only the second does; either can be applied on what is shared. */
  readonly own: readonly [readonly RevisionId[], readonly RevisionId[]]
  /** What is applied after both, the merge point last; nothing where there is none yet. */
  readonly joint: readonly RevisionId[]
}

/** Plans the trials for heads that are to be joined: one for every two of them. */
export function convergenceTrials(graph: RevisionGraph, heads: readonly RevisionId[]): ConvergenceTrial[] {
  return heads.flatMap((one, index) => heads.slice(index + 1).map(other => trialOf(graph, one, other, [])))
}

/** The same for the parents of a merge point, whose own script may be what makes them converge. */
export function mergeTrials(graph: RevisionGraph, merge: RevisionId): ConvergenceTrial[] {
  const parents = graph.parents(merge)
  return parents.flatMap((one, index) =>
    parents.slice(index + 1).map(other => trialOf(graph, one, other, [merge])),
  )
}

function trialOf(
  graph: RevisionGraph,
  one: RevisionId,
  other: RevisionId,
  joinedBy: readonly RevisionId[],
): ConvergenceTrial {
  const requiredByOne = withRequirements(graph, [one])
  const requiredByOther = withRequirements(graph, [other])
  const ordered = (ids: Iterable<RevisionId>) => orderRevisions(graph, new Set(ids))
  return {
    heads: [one, other],
    shared: ordered([...requiredByOne].filter(id => requiredByOther.has(id))),
    own: [
      ordered([...requiredByOne].filter(id => !requiredByOther.has(id))),
      ordered([...requiredByOther].filter(id => !requiredByOne.has(id))),
    ],
    joint: ordered(
      [...withRequirements(graph, joinedBy)].filter(id => !requiredByOne.has(id) && !requiredByOther.has(id)),
    ),
  }
}
