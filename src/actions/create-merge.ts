import { NothingToMergeError } from '../errors/authoring-errors.ts'
import { heads, withAncestors } from '../graph/lineage.ts'
import { resolveRevisions } from '../graph/resolve-target.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import { branchTip, trunkTip } from '../graph/trunk.ts'
import type { Revision, RevisionId } from '../revision/revision.ts'
import { type AuthoringSettings, type RevisionRequest, writeChecked } from './create-revision.ts'
import { readHistory } from './read-history.ts'

export interface MergeRequest
  extends Omit<RevisionRequest, 'message' | 'branch' | 'head' | 'splice' | 'depends'> {
  /** One label (its branch is merged into the trunk), several revisions or labels, or `heads`; none means `heads`. */
  readonly targets: readonly string[]
  readonly message?: string | undefined
}

/** Writes a revision that joins what the request names. Throws `NothingToMergeError`, and as `createRevision`. */
export function createMerge(
  settings: AuthoringSettings,
  { targets, message, ...request }: MergeRequest,
): Revision {
  const history = readHistory(settings)
  const parents = headsToMerge(history.graph, targets)
  const names = targets.length > 0 && !targets.includes('heads') ? targets : parents
  return writeChecked(settings, history, parents, {
    ...request,
    message: message ?? `merge ${names.join(', ')}`,
  })
}

/** The revisions that a merge of `targets` joins. Throws `NothingToMergeError`, and what resolving names throws. */
export function headsToMerge(graph: RevisionGraph, targets: readonly string[]): RevisionId[] {
  const parents = parentsToMerge(graph, targets)
  requireApart(graph, parents)
  return parents
}

function parentsToMerge(graph: RevisionGraph, targets: readonly string[]): RevisionId[] {
  const [only] = targets
  if (only === undefined) return heads(graph)
  if (targets.length === 1 && only !== 'heads') return intoTrunk(graph, only)
  const named = targets.map(target => (graph.labels.has(target) ? branchTip(graph, target) : target))
  return resolveRevisions({ graph, command: 'merge' }, named)
}

function intoTrunk(graph: RevisionGraph, name: string): RevisionId[] {
  const tips = graph.labels.has(name)
    ? [branchTip(graph, name)]
    : resolveRevisions({ graph, command: 'merge' }, [name])
  const trunk = trunkTip(graph)
  return trunk === undefined ? tips : [...new Set([trunk, ...tips])]
}

function requireApart(graph: RevisionGraph, parents: readonly RevisionId[]): void {
  if (parents.length < 2)
    throw new NothingToMergeError(`${parents.join() || 'no revision'} is all there is to join`)
  for (const parent of parents) {
    const ancestors = withAncestors(graph, [parent])
    const contained = parents.find(other => other !== parent && ancestors.has(other))
    if (contained) throw new NothingToMergeError(`${parent} already contains ${contained}`)
  }
}
