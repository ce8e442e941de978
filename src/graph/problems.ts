import type { RevisionId } from '../revision/revision.ts'
import { findCycles } from './cycles.ts'
import { nearestName } from './nearest-name.ts'
import { compareRevisions, type GraphRevision } from './revision-graph.ts'

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
  const ordered = [...revisions].sort(compareRevisions)
  const byId = new Map<string, GraphRevision>()
  const problems: GraphProblem[] = []
  for (const revision of ordered) {
    if (byId.has(revision.id)) problems.push(duplicateRevision(revision.id))
    else byId.set(revision.id, revision)
  }
  const names: Names = { byId, carriers: new Map() }
  for (const revision of ordered) problems.push(...labelProblems(revision, names))
  for (const revision of ordered)
    problems.push(...parentProblems(revision, names), ...dependencyProblems(revision, names))
  return [...problems, ...cycleProblems(names)]
}

interface Names {
  readonly byId: ReadonlyMap<string, GraphRevision>
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

function* labelProblems({ id, labels }: GraphRevision, { byId, carriers }: Names): Generator<GraphProblem> {
  const problem = { revision: id, key: 'labels' } as const
  for (const label of labels) {
    const carrier = carriers.get(label)
    if (byId.has(label)) {
      yield {
        ...problem,
        code: 'LABEL_IS_REVISION',
        message: `Label ${label} of revision ${id} is the id of a revision.`,
      }
    } else if (carrier !== undefined) {
      const message =
        carrier === id
          ? `Revision ${id} names label ${label} twice.`
          : `Label ${label} of revision ${id} is already carried by revision ${carrier}.`
      yield { ...problem, code: 'DUPLICATE_LABEL', message }
    } else {
      carriers.set(label, id)
    }
  }
}

function* parentProblems({ id, parents }: GraphRevision, { byId, carriers }: Names): Generator<GraphProblem> {
  const problem = { revision: id, key: 'parents' } as const
  for (const [index, parent] of parents.entries()) {
    if (parents.indexOf(parent) < index) {
      yield { ...problem, code: 'DUPLICATE_PARENT', message: `Revision ${id} names parent ${parent} twice.` }
    } else if (parent === id) {
      yield { ...problem, code: 'OWN_PARENT', message: `Revision ${id} names itself as its parent.` }
    } else if (!byId.has(parent)) {
      const meant = carriers.get(parent) ?? nearestName(parent, byId.keys())
      yield {
        ...problem,
        code: 'UNKNOWN_PARENT',
        message: `Revision ${id} names parent ${parent}, which does not exist${hint(meant)}.`,
      }
    }
  }
}

function* dependencyProblems({ id, depends }: GraphRevision, names: Names): Generator<GraphProblem> {
  const problem = { revision: id, key: 'depends' } as const
  for (const [index, dependency] of depends.entries()) {
    if (depends.indexOf(dependency) < index) {
      yield {
        ...problem,
        code: 'DUPLICATE_DEPENDENCY',
        message: `Revision ${id} names dependency ${dependency} twice.`,
      }
    } else if (dependencyOf(dependency, names) === id) {
      yield { ...problem, code: 'OWN_DEPENDENCY', message: `Revision ${id} depends on itself.` }
    } else if (dependencyOf(dependency, names) === undefined) {
      const meant = nearestName(dependency, [...names.byId.keys(), ...names.carriers.keys()])
      yield {
        ...problem,
        code: 'UNKNOWN_DEPENDENCY',
        message: `Revision ${id} depends on ${dependency}, which does not exist${hint(meant)}.`,
      }
    }
  }
}

function cycleProblems(names: Names): GraphProblem[] {
  const requirements = (id: RevisionId): RevisionId[] => {
    const { parents = [], depends = [] } = names.byId.get(id) ?? {}
    const required = [...parents, ...depends.map(dependency => dependencyOf(dependency, names))]
    return required.filter(
      other => other !== undefined && other !== id && names.byId.has(other),
    ) as RevisionId[]
  }
  const ids = [...names.byId.values()].map(({ id }) => id)
  return findCycles(ids, requirements).map(path => cycleProblem(path, names))
}

function cycleProblem(path: readonly RevisionId[], { byId }: Names): GraphProblem {
  const [revision, required] = path as [RevisionId, RevisionId]
  const key = byId.get(revision)?.parents.includes(required) ? 'parents' : 'depends'
  return { code: 'CYCLE', message: `Revisions stand on each other: ${path.join(' → ')}.`, revision, key }
}

function dependencyOf(name: string, { byId, carriers }: Names): RevisionId | undefined {
  return carriers.get(name) ?? byId.get(name)?.id
}

function hint(meant: string | undefined): string {
  return meant === undefined ? '' : ` (did you mean ${meant}?)`
}
