import type { RevisionId } from '../revision/revision.ts'
import type { RevisionGraph } from './revision-graph.ts'

/**
 * Orders revisions as a drawing shows them: the newest head first, each before all it requires, and one branch to
 * its end before the next, so that few lanes are open at a time. Of a merge point's parents the last comes first, as
 * `git log --graph` has it.
 */
export function drawingOrder(graph: RevisionGraph, members: ReadonlySet<RevisionId>): RevisionId[] {
  const within = (ids: readonly RevisionId[]) => ids.filter(id => members.has(id))
  const known = within(graph.ids)
  const waiting = new Map(known.map(id => [id, within(graph.dependents(id)).length]))
  const ready = known.filter(id => waiting.get(id) === 0)
  const ordered: RevisionId[] = []
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    ordered.push(id)
    for (const requirement of within(graph.requirements(id))) {
      const left = (waiting.get(requirement) ?? 0) - 1
      waiting.set(requirement, left)
      if (left === 0) ready.push(requirement)
    }
  }
  return ordered
}
