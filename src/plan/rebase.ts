import { NothingToRebaseError, RebaseCycleError } from '../errors/authoring-errors.ts'
import { withAncestors, withDependents, withRequirements } from '../graph/lineage.ts'
import { findGraphProblems } from '../graph/problems.ts'
import { resolveRevision } from '../graph/resolve-target.ts'
import { buildGraph, type GraphRevision, type RevisionGraph } from '../graph/revision-graph.ts'
import { branch, labelMeantBy } from '../graph/trunk.ts'
import type { RevisionId } from '../revision/revision.ts'

/** A revision that stands on others from now on. */
export interface ParentChange {
  readonly revision: RevisionId
  readonly from: readonly RevisionId[]
  readonly to: readonly RevisionId[]
}

/** What a rebase is going to change; without changes the branch stands there already. */
export interface RebasePlan {
  readonly onto: RevisionId
  /** In (created, id) order. */
  readonly changes: readonly ParentChange[]
  /** The graph as it will be. */
  readonly graph: RevisionGraph
}

/**
 * Plans to move a branch: of a label all of it, of a revision what it has and `onto` has not (as git does). Its first
 * revisions get `onto` as their parent. A revision within it that also merges something `onto` contains no longer
 * names that; what stands on the branch moves along.
 *
 * @throws NothingToRebaseError when `onto` contains the revision already
 * @throws RebaseCycleError when `onto` stands on the branch, and what `resolveRevision` throws
 */
export function planRebase(graph: RevisionGraph, name: string, ontoName: string): RebasePlan {
  const onto = resolveRevision({ graph, command: `rebase ${name} --onto` }, ontoName)
  const contained = withAncestors(graph, [onto])
  const moved = movedRevisions(graph, name, contained)
  if (moved.size === 0) throw new NothingToRebaseError(name, onto)
  const changes = graph.ids
    .filter(id => moved.has(id))
    .map(revision => {
      const from = graph.parents(revision)
      const isFirst = !from.some(parent => moved.has(parent))
      const kept = from.filter(parent => moved.has(parent) || !contained.has(parent))
      return { revision, from, to: isFirst ? [onto] : kept }
    })
    .filter(({ from, to }) => from.join() !== to.join())
  return { onto, changes, graph: rebuilt(graph, changes, name, onto) }
}

/**
 * The applied revisions that the rebase puts above one that was not applied, or was applied after them. `applied` is
 * in the order it was applied.
 */
export function appliedOutOfOrder(
  before: RevisionGraph,
  { graph: after, changes }: RebasePlan,
  applied: readonly RevisionId[],
): RevisionId[] {
  const order = new Map(applied.map((id, index) => [id, index]))
  const misplaced = new Set<RevisionId>()
  for (const { revision } of changes) {
    const known = withRequirements(before, [revision])
    const gained = [...withRequirements(after, [revision])].filter(id => !known.has(id))
    const latest = gained.reduce((last, id) => Math.max(last, order.get(id) ?? applied.length), -1)
    for (const id of withDependents(after, [revision])) {
      if ((order.get(id) ?? applied.length) < latest) misplaced.add(id)
    }
  }
  return applied.filter(id => misplaced.has(id))
}

function movedRevisions(
  graph: RevisionGraph,
  name: string,
  contained: ReadonlySet<RevisionId>,
): ReadonlySet<RevisionId> {
  const label = labelMeantBy(graph, name)
  if (label !== undefined) return branch(graph, label)
  const tip = resolveRevision({ graph, command: 'rebase' }, name)
  return new Set([...withAncestors(graph, [tip])].filter(id => !contained.has(id)))
}

function rebuilt(
  graph: RevisionGraph,
  changes: readonly ParentChange[],
  name: string,
  onto: RevisionId,
): RevisionGraph {
  const newParents = new Map(changes.map(({ revision, to }) => [revision, to]))
  const revisions = graph.ids.flatMap((id): GraphRevision[] => {
    const revision = graph.revision(id)
    return revision ? [{ ...revision, parents: newParents.get(id) ?? revision.parents }] : []
  })
  const [problem] = findGraphProblems(revisions)
  if (problem) throw new RebaseCycleError(name, onto, problem.message)
  return buildGraph(revisions)
}
