import type { RevisionId } from '../revision/revision.ts'
import { heads, headsOf, withAncestors } from './lineage.ts'
import type { RevisionGraph } from './revision-graph.ts'

/** Two heads, and where their lineages parted. */
export interface Divergence {
  readonly heads: readonly [DivergedHead, DivergedHead]
  /** The nearest common ancestors: several where branches were merged criss-cross. */
  readonly ancestors: readonly RevisionId[]
}

/** A head, and how many revisions it has that the other head has not. */
export interface DivergedHead {
  readonly head: RevisionId
  readonly revisions: number
}

/** Each pair of heads with an ancestor in common, in (created, id) order. */
export function divergences(graph: RevisionGraph): Divergence[] {
  const lineages = heads(graph).map(head => ({ head, members: withAncestors(graph, [head]) }))
  return lineages.flatMap((left, index) =>
    lineages.slice(index + 1).flatMap(right => {
      const common = new Set([...left.members].filter(id => right.members.has(id)))
      if (common.size === 0) return []
      const sides = [left, right].map(({ head, members }) => ({
        head,
        revisions: members.size - common.size,
      }))
      return [{ heads: sides as [DivergedHead, DivergedHead], ancestors: headsOf(graph, common) }]
    }),
  )
}
