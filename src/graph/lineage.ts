import type { RevisionId } from '../revision/revision.ts'
import type { RevisionGraph } from './revision-graph.ts'

type Neighbours = (id: RevisionId) => readonly RevisionId[]

/** All that `next` leads to from `starts`, the starts themselves included. Iterative: a chain may be long. */
export function closure(starts: Iterable<RevisionId>, next: Neighbours): Set<RevisionId> {
  const reached = new Set(starts)
  // A Set's iterator also visits what is added during the walk.
  for (const id of reached) for (const neighbour of next(id)) reached.add(neighbour)
  return reached
}

/** `ids` and their ancestors along parents. */
export function withAncestors(graph: RevisionGraph, ids: Iterable<RevisionId>): Set<RevisionId> {
  return closure(ids, graph.parents)
}

/** `ids` and their descendants along parents. */
export function withDescendants(graph: RevisionGraph, ids: Iterable<RevisionId>): Set<RevisionId> {
  return closure(ids, graph.children)
}

/** `ids` and all they require, along parents and dependencies: what must be applied to have them. */
export function withRequirements(graph: RevisionGraph, ids: Iterable<RevisionId>): Set<RevisionId> {
  return closure(ids, graph.requirements)
}

/** `ids` and all that requires them, along parents and dependencies: what goes when they go. */
export function withDependents(graph: RevisionGraph, ids: Iterable<RevisionId>): Set<RevisionId> {
  return closure(ids, graph.dependents)
}

/** The lineage of a revision: itself, its ancestors and its descendants along parents; what `id@…` chooses from. */
export function lineageOf(graph: RevisionGraph, id: RevisionId): Set<RevisionId> {
  return new Set([...withAncestors(graph, [id]), ...withDescendants(graph, [id])])
}

/** The revisions that no other names as its parent. */
export function heads(graph: RevisionGraph): RevisionId[] {
  return graph.ids.filter(id => graph.children(id).length === 0)
}

/** The revisions without parents. */
export function bases(graph: RevisionGraph): RevisionId[] {
  return graph.ids.filter(id => graph.parents(id).length === 0)
}

/** The revisions with more than one child. */
export function branchPoints(graph: RevisionGraph): RevisionId[] {
  return graph.ids.filter(id => graph.children(id).length > 1)
}

/** The revisions with more than one parent. */
export function mergePoints(graph: RevisionGraph): RevisionId[] {
  return graph.ids.filter(id => graph.parents(id).length > 1)
}

/**
 * The heads of a set of revisions: those with no descendant in it, in (created, id) order, then those the
 * graph does not know, by id. Of an applied set, these say where the database stands.
 */
export function headsOf(graph: RevisionGraph, set: ReadonlySet<RevisionId>): RevisionId[] {
  const isIn = (id: RevisionId) => set.has(id)
  const tips = graph.ids.filter(id => set.has(id) && !graph.children(id).some(isIn))
  const above = closure(tips.flatMap(graph.children), graph.children)
  const hasGaps = [...above].some(isIn)
  const below = hasGaps ? closure([...set].flatMap(graph.parents), graph.parents) : undefined
  return [...tips.filter(id => !below?.has(id)), ...unknownIn(graph, set)]
}

/** The members of a set that the graph does not know, by id. */
export function unknownIn(graph: RevisionGraph, set: ReadonlySet<RevisionId>): RevisionId[] {
  return [...set].filter(id => !graph.has(id)).sort()
}

/**
 * The nearest common ancestors of two revisions, themselves included: several where branches were merged
 * criss-cross, none where they share no base.
 */
export function commonAncestors(graph: RevisionGraph, a: RevisionId, b: RevisionId): RevisionId[] {
  const ancestorsOfB = withAncestors(graph, [b])
  return headsOf(graph, new Set([...withAncestors(graph, [a])].filter(id => ancestorsOfB.has(id))))
}
