import type { RevisionId } from '../revision/revision.ts'
import type { RevisionGraph } from './revision-graph.ts'

/**
 * Orders revisions so that each comes after all it requires, the oldest first among those that are ready
 * (by created, then id). Requirements count also through revisions outside `members`: when `c` requires `b`
 * and `b` requires `a`, `a` comes before `c` even where `b` is not asked for.
 *
 * Takes the graph and the revisions wanted (all, unless given; those the graph does not know are left out);
 * gives them in order.
 */
export function orderRevisions(
  graph: RevisionGraph,
  members: ReadonlySet<RevisionId> = new Set(graph.ids),
): RevisionId[] {
  if (members.size === 0) return []
  const ranks = new Map(graph.ids.map((id, rank) => [id, rank]))
  const unmet = new Map(graph.ids.map(id => [id, graph.requirements(id).length]))
  const ready: number[] = []
  const outside: RevisionId[] = []
  const ordered: RevisionId[] = []
  const release = (id: RevisionId): void => {
    if (members.has(id)) push(ready, ranks.get(id) ?? 0)
    else outside.push(id)
  }
  // What is outside is already there, or never will be: it holds nobody up.
  const next = (): RevisionId | undefined => outside.pop() ?? graph.ids[popLeast(ready) ?? -1]

  for (const id of graph.ids) if (unmet.get(id) === 0) release(id)
  for (let id = next(); id !== undefined; id = next()) {
    if (members.has(id)) ordered.push(id)
    for (const dependent of graph.dependents(id)) {
      const left = (unmet.get(dependent) ?? 0) - 1
      unmet.set(dependent, left)
      if (left === 0) release(dependent)
    }
  }
  return ordered
}

/** Adds to a binary heap whose least number is first. */
function push(heap: number[], value: number): void {
  let at = heap.length
  while (at > 0) {
    const above = (at - 1) >> 1
    const other = heap[above] ?? 0
    if (other <= value) break
    heap[at] = other
    at = above
  }
  heap[at] = value
}

/** Takes the least number out of the heap. */
function popLeast(heap: number[]): number | undefined {
  const least = heap[0]
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return least
  let at = 0
  for (;;) {
    const below = lesserChild(heap, at)
    const other = heap[below]
    if (other === undefined || other >= last) break
    heap[at] = other
    at = below
  }
  heap[at] = last
  return least
}

function lesserChild(heap: readonly number[], at: number): number {
  const left = 2 * at + 1
  return (heap[left + 1] ?? Infinity) < (heap[left] ?? Infinity) ? left + 1 : left
}
