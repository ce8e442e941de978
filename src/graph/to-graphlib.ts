import { Graph } from '@dagrejs/graphlib'
import type { RevisionId } from '../revision/revision.ts'
import type { GraphRevision, RevisionGraph } from './revision-graph.ts'

/**
 * The same graph in graphlib's terms, for what reads or draws those: an edge runs from the revision that
 * comes first to the one that stands on it, and its label says why. Setting graphlib's edges costs more
 * than planning over them, so this is made for output only.
 */
export function toGraphlib(graph: RevisionGraph): Graph<unknown, GraphRevision, EdgeReason> {
  const drawn = new Graph<unknown, GraphRevision, EdgeReason>()
  for (const id of graph.ids) {
    const revision = graph.revision(id)
    if (revision) drawn.setNode(graphlibKey(id), revision)
  }
  for (const id of graph.ids) {
    const parents = new Set(graph.parents(id))
    for (const requirement of graph.requirements(id)) {
      const reason = parents.has(requirement) ? 'parent' : 'dependency'
      drawn.setEdge(graphlibKey(requirement), graphlibKey(id), reason)
    }
  }
  return drawn
}

/** Why one revision stands on another. */
export type EdgeReason = 'parent' | 'dependency'

/** The key of a revision in `toGraphlib`'s result. */
export function graphlibKey(id: RevisionId): string {
  // graphlib keeps plain objects: a bare `__proto__` would reach Object.prototype, bare digits would change the order.
  return `:${id}`
}
