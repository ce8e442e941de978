import type { RevisionId } from '../revision/revision.ts'
import { findCycles } from './cycles.ts'
import { nearestName } from './nearest-name.ts'
import { type GraphRevision, inOrder } from './revision-graph.ts'

/** Something that keeps revisions from being a graph, and the header line that says it. */
export interface GraphProblem {
  readonly code:
    | 'DUPLICATE_REVISION'
    | 'UNKNOWN_PARENT'
    | 'UNKNOWN_DEPENDENCY'
    | 'DUPLICATE_PARENT'
    | 'DUPLICATE_DEPENDENCY'
    | 'OWN_PARENT'
    | 'OWN_DEPENDENCY'
    | 'DUPLICATE_LABEL'
    | 'LABEL_IS_REVISION'
    | 'CYCLE'
  /** One sentence. */
  readonly message: string
  readonly revision: RevisionId
  readonly key: 'revision' | 'parents' | 'depends' | 'labels'
}

/**
 * Everything that is wrong with a set of revisions as a graph, all at once, in (created, id) order of the
 * revisions at fault; nothing when `buildGraph` may have it. Of revisions that share an id, the first in
 * that order stands for all.
 */
export function findGraphProblems(revisions: readonly GraphRevision[]): GraphProblem[] {
  const ordered = inOrder(revisions)
  const names: Names = { ordered, ranks: new Map(), carriers: new Map() }
  const problems: GraphProblem[] = []
  const report = (problem: GraphProblem | undefined): void => {
    if (problem) problems.push(problem)
  }
  ordered.forEach(({ id }, rank) => {
    if (names.ranks.has(id)) report(duplicateRevision(id))
    else names.ranks.set(id, rank)
  })
  for (const revision of ordered)
    for (const label of revision.labels) report(labelProblem(revision, label, names))
  for (const revision of ordered) {
    for (let at = 0; at < revision.parents.length; at++) report(parentProblem(revision, at, names))
    for (let at = 0; at < revision.depends.length; at++) report(dependencyProblem(revision, at, names))
  }
  return isInOrder(names) ? problems : [...problems, ...cycleProblems(names)]
}

interface Names {
  readonly ordered: readonly GraphRevision[]
  /** Of two revisions with one id that of the first. */
  readonly ranks: Map<string, number>
  /** The first revision that carries each label; filled as labels are checked. */
  readonly carriers: Map<string, RevisionId>
}

function duplicateRevision(id: RevisionId): GraphProblem {
  return {
    code: 'DUPLICATE_REVISION',
    message: `Revision ${id} is defined more than once.`,
    revision: id,
    key: 'revision',
  }
}

/** Gives the label to the revision, unless there is something against it. */
function labelProblem(
  { id }: GraphRevision,
  label: string,
  { ranks, carriers }: Names,
): GraphProblem | undefined {
  const problem = { revision: id, key: 'labels' } as const
  if (ranks.has(label)) {
    const message = `Label ${label} of revision ${id} is the id of a revision.`
    return { ...problem, code: 'LABEL_IS_REVISION', message }
  }
  const carrier = carriers.get(label)
  if (carrier === undefined) {
    carriers.set(label, id)
    return undefined
  }
  const message =
    carrier === id
      ? `Revision ${id} names label ${label} twice.`
      : `Label ${label} of revision ${id} is already carried by revision ${carrier}.`
  return { ...problem, code: 'DUPLICATE_LABEL', message }
}

function parentProblem(
  { id, parents }: GraphRevision,
  at: number,
  { ranks, carriers }: Names,
): GraphProblem | undefined {
  const parent = parents[at] as RevisionId
  const problem = { revision: id, key: 'parents' } as const
  if (parents.indexOf(parent) < at)
    return { ...problem, code: 'DUPLICATE_PARENT', message: `Revision ${id} names parent ${parent} twice.` }
  if (parent === id)
    return { ...problem, code: 'OWN_PARENT', message: `Revision ${id} names itself as its parent.` }
  if (ranks.has(parent)) return undefined
  const meant = carriers.get(parent) ?? nearestName(parent, ranks.keys())
  const message = `Revision ${id} names parent ${parent}, which does not exist${hint(meant)}.`
  return { ...problem, code: 'UNKNOWN_PARENT', message }
}

function dependencyProblem(
  { id, depends }: GraphRevision,
  at: number,
  names: Names,
): GraphProblem | undefined {
  const dependency = depends[at] as string
  const problem = { revision: id, key: 'depends' } as const
  if (depends.indexOf(dependency) < at) {
    const message = `Revision ${id} names dependency ${dependency} twice.`
    return { ...problem, code: 'DUPLICATE_DEPENDENCY', message }
  }
  const required = dependencyOf(dependency, names)
  if (required === id)
    return { ...problem, code: 'OWN_DEPENDENCY', message: `Revision ${id} depends on itself.` }
  if (required !== undefined) return undefined
  const meant = nearestName(dependency, [...names.ranks.keys(), ...names.carriers.keys()])
  const message = `Revision ${id} depends on ${dependency}, which does not exist${hint(meant)}.`
  return { ...problem, code: 'UNKNOWN_DEPENDENCY', message }
}

/** Whether each comes after all it requires: then there is no cycle, and no need to walk the graph for one. */
function isInOrder(names: Names): boolean {
  const { ordered, ranks } = names
  for (let rank = 0; rank < ordered.length; rank++) {
    const { parents, depends } = ordered[rank] as GraphRevision
    for (const parent of parents) if ((ranks.get(parent) ?? -1) >= rank) return false
    for (const name of depends) if ((ranks.get(dependencyOf(name, names) ?? '') ?? -1) >= rank) return false
  }
  return true
}

function cycleProblems(names: Names): GraphProblem[] {
  const { ordered, ranks } = names
  const requirements = (id: RevisionId): readonly RevisionId[] => {
    const { parents, depends } = ordered[ranks.get(id) as number] as GraphRevision
    const required = [...parents, ...depends.map(name => dependencyOf(name, names))]
    return required.filter(
      (other): other is RevisionId => other !== undefined && other !== id && ranks.has(other),
    )
  }
  const ids = ordered.filter(({ id }, rank) => ranks.get(id) === rank).map(({ id }) => id)
  return findCycles(ids, requirements).map(path => cycleProblem(path, names))
}

function cycleProblem(path: readonly RevisionId[], { ordered, ranks }: Names): GraphProblem {
  const [revision, required] = path as [RevisionId, RevisionId]
  const key = ordered[ranks.get(revision) as number]?.parents.includes(required) ? 'parents' : 'depends'
  return { code: 'CYCLE', message: `Revisions stand on each other: ${path.join(' → ')}.`, revision, key }
}

function dependencyOf(name: string, { ranks, carriers }: Names): RevisionId | undefined {
  return carriers.get(name) ?? (ranks.has(name) ? (name as RevisionId) : undefined)
}

function hint(meant: string | undefined): string {
  return meant === undefined ? '' : ` (did you mean ${meant}?)`
}
