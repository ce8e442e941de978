import { BrokenRangeError } from '../errors/graph-errors.ts'
import type { RevisionId } from '../revision/revision.ts'
import { withAncestors, withDescendants } from './lineage.ts'
import { orderRevisions } from './order.ts'
import { type Position, resolveTarget, type TargetContext } from './resolve-target.ts'
import type { RevisionGraph } from './revision-graph.ts'
import { parseRange, type Target } from './target.ts'

/**
 * The revisions of a range, newest first, both ends included: what descends from the lower end and leads to
 * the upper one, along parents. An end left out is open, and so is `base` below; a lineage named at either
 * end limits the whole range to itself.
 *
 * Takes the graph, the range as typed (`a:b`, `a:`, `:b`, `-3:current`) and, where a database is read, its
 * applied set.
 * @throws BrokenRangeError when a lower end leads to no upper end, and what `parseRange` and `resolveTarget` throw
 */
export function historyRange(
  graph: RevisionGraph,
  range: string,
  applied?: ReadonlySet<RevisionId>,
): RevisionId[] {
  const command = 'history -r'
  const context: TargetContext = { graph, applied, command }
  const resolve = (target: Target | undefined) => target && resolveTarget(context, target)
  const ends = parseRange(range, command)
  const lower = resolve(ends.lower)
  const upper = resolve(ends.upper)
  const below = upper && withAncestors(graph, upper.revisions)
  if (below !== undefined) requireJoined(range, lower, upper, below)
  const above = lower && lower.revisions.length > 0 ? withDescendants(graph, lower.revisions) : undefined
  const limits = [above, below, lower?.lineage, upper?.lineage].filter(limit => limit !== undefined)
  const members = graph.ids.filter(id => limits.every(limit => limit.has(id)))
  return orderRevisions(graph, new Set(members)).reverse()
}

function requireJoined(
  range: string,
  lower: Position | undefined,
  upper: Position | undefined,
  below: ReadonlySet<RevisionId>,
): void {
  const apart = lower?.revisions.filter(id => !below.has(id)) ?? []
  if (apart.length === 0) return
  const top = upper?.revisions.join(', ') || 'base'
  throw new BrokenRangeError(range, apart.join(', '), top, [
    ...apart.map(id => `sqlbraid history -r ${id}:`),
    `sqlbraid history -r :${upper?.revisions[0] ?? 'heads'}`,
  ])
}
