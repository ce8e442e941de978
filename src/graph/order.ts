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
  const unmet = Uint32Array.from(graph.ids, id => graph.requirements(id).length)
  const ready: number[] = []
  const outside: number[] = []
  const ordered: RevisionId[] = []
  const isMember = (rank: number): boolean => members.has(graph.ids[rank] as RevisionId)
  const release = (rank: number): void => (isMember(rank) ? push(ready, rank) : void outside.push(rank))
  // What is outside is already there, or never will be: it holds nobody up.
  const next = (): number | undefined => outside.pop() ?? popLeast(ready)

  for (const [rank, count] of unmet.entries()) if (count === 0) release(rank)
  for (let rank = next(); rank !== undefined; rank = next()) {
    const id = graph.ids[rank] as RevisionId
    if (members.has(id)) ordered.push(id)
    for (const dependent of graph.dependents(id)) {
      const waiting = graph.rank(dependent)
      const left = (unmet[waiting] ?? 0) - 1
      unmet[waiting] = left
      if (left === 0) release(waiting)
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
