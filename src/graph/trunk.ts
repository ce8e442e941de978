import { AmbiguousIdError, MultipleHeadsError, UnknownTargetError } from '../errors/graph-errors.ts'
import type { RevisionId } from '../revision/revision.ts'
import { bases, closure } from './lineage.ts'
import { nearestName } from './nearest-name.ts'
import type { RevisionGraph } from './revision-graph.ts'

/**
 * The revisions on the trunk: bases without a label, and revisions without a label of their own that have a
 * parent on the trunk (so a merge into the trunk is on it).
 */
export function trunk(graph: RevisionGraph): Set<RevisionId> {
  return closure(bases(graph).filter(isUnlabelled(graph)), id =>
    graph.children(id).filter(isUnlabelled(graph)),
  )
}

/**
 * The revisions of the branch that a label names: the one that carries it, and its descendants up to those
 * that are on the trunk or carry a label of their own. A label nobody carries has none.
 */
export function branch(graph: RevisionGraph, label: string): Set<RevisionId> {
  return branchBeside(graph, trunk(graph), label)
}

/** Which revisions are on the trunk, and the labels of the branches that each of the others is on. */
export interface Membership {
  readonly trunk: ReadonlySet<RevisionId>
  readonly branchesOf: (id: RevisionId) => readonly string[]
}

/** Says of all revisions at once where they belong. */
export function membership(graph: RevisionGraph): Membership {
  const onTrunk = trunk(graph)
  const branches = new Map<RevisionId, string[]>()
  for (const label of graph.labels.keys()) {
    for (const id of branchBeside(graph, onTrunk, label)) {
      const labels = branches.get(id)
      if (labels === undefined) branches.set(id, [label])
      else labels.push(label)
    }
  }
  return { trunk: onTrunk, branchesOf: id => branches.get(id) ?? [] }
}

/**
 * The label that a name of a branch means: itself, or the only one that begins with it. Undefined where the name
 * is, or begins, an id, and where it is neither: then it is for `resolveRevision` to find, or to complain of.
 */
export function labelMeantBy(graph: RevisionGraph, name: string): string | undefined {
  if (graph.labels.has(name)) return name
  const [label, ...others] = [...graph.labels.keys()].filter(known => known.startsWith(name))
  return others.length > 0 || graph.ids.some(id => id.startsWith(name)) ? undefined : label
}

/**
 * The revision that continues the trunk: the last one on it; `undefined` while there is no trunk.
 *
 * @throws MultipleHeadsError when the trunk has forked.
 */
export function trunkTip(graph: RevisionGraph): RevisionId | undefined {
  return onlyTip(graph, trunk(graph), 'The trunk')
}

/**
 * The revision that continues the branch of a label: the last one on it.
 *
 * @throws UnknownTargetError when no revision carries the label, or one that begins so; AmbiguousIdError when
 * several do.
 * @throws MultipleHeadsError when the branch has forked.
 */
export function branchTip(graph: RevisionGraph, name: string): RevisionId {
  const label = labelNamed(graph, name)
  const tip = onlyTip(graph, branch(graph, label), `Branch ${label}`)
  if (tip === undefined) {
    throw new UnknownTargetError(label, nearestName(label, graph.labels.keys()), [
      'sqlbraid branches',
      `sqlbraid branch ${label}`,
    ])
  }
  return tip
}

/** Where only a label can be meant, ids do not compete. */
function labelNamed(graph: RevisionGraph, name: string): string {
  if (graph.labels.has(name)) return name
  const candidates = [...graph.labels.keys()].filter(label => label.startsWith(name))
  if (candidates.length > 1) {
    const suggestions = candidates.map(label => `sqlbraid revision --branch ${label} …`)
    throw new AmbiguousIdError(name, candidates, suggestions)
  }
  return candidates[0] ?? name
}

function branchBeside(
  graph: RevisionGraph,
  onTrunk: ReadonlySet<RevisionId>,
  label: string,
): Set<RevisionId> {
  const carrier = graph.labels.get(label)
  if (carrier === undefined) return new Set()
  return closure([carrier], id =>
    graph.children(id).filter(child => isUnlabelled(graph)(child) && !onTrunk.has(child)),
  )
}

function onlyTip(
  graph: RevisionGraph,
  members: ReadonlySet<RevisionId>,
  owner: string,
): RevisionId | undefined {
  const tips = graph.ids.filter(
    id => members.has(id) && !graph.children(id).some(child => members.has(child)),
  )
  if (tips.length > 1) {
    throw new MultipleHeadsError(owner, tips, [
      `sqlbraid merge ${tips.join(' ')}`,
      ...(tips.length === 2 ? [`sqlbraid rebase ${tips[1]} --onto ${tips[0]}`] : []),
      ...tips.map(tip => `sqlbraid revision --head ${tip}`),
    ])
  }
  return tips[0]
}

function isUnlabelled(graph: RevisionGraph): (id: RevisionId) => boolean {
  return id => graph.revision(id)?.labels.length === 0
}
