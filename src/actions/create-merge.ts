import { NothingToMergeError } from '../errors/authoring-errors.ts'
import { heads, withAncestors } from '../graph/lineage.ts'
import { resolveRevisions } from '../graph/resolve-target.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import { branchTip, labelMeantBy, trunkTip } from '../graph/trunk.ts'
import type { Revision, RevisionId } from '../revision/revision.ts'
import {
  type AuthoringSettings,
  draftRevision,
  type RevisionDraft,
  type RevisionRequest,
  writeDraft,
} from './create-revision.ts'
import { type History, readHistory } from './read-history.ts'

export interface MergeRequest
  extends Omit<RevisionRequest, 'message' | 'branch' | 'head' | 'splice' | 'depends'> {
  /** One label (its branch is merged into the trunk), several revisions or labels, or `heads`; none means `heads`. */
  readonly targets: readonly string[]
  readonly message?: string | undefined
}

/**
 * Writes a revision that joins what the request names, without a proof. Throws as `draftMerge` and `writeDraft`;
 * nothing was written then.
 */
export function createMerge(settings: AuthoringSettings, request: MergeRequest): Revision {
  return writeDraft(draftMerge(settings, readHistory(settings), request))
}

/** Checks a revision that joins what the request names. Throws `NothingToMergeError`, and as `draftRevision`. */
export function draftMerge(
  settings: AuthoringSettings,
  history: History,
  { targets, message, ...request }: MergeRequest,
): RevisionDraft {
  const parents = headsToMerge(history.graph, targets)
  const names = targets.length > 0 && !targets.includes('heads') ? targets : parents
  return draftRevision(settings, history, parents, {
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
  if (targets.length > 1 || only === 'heads') return [...new Set(targets.flatMap(name => tips(graph, name)))]
  const trunk = trunkTip(graph)
  return [...new Set([...(trunk === undefined ? [] : [trunk]), ...tips(graph, only)])]
}

/** A label means the tip of its branch here. */
function tips(graph: RevisionGraph, name: string): RevisionId[] {
  const label = labelMeantBy(graph, name)
  return label === undefined
    ? resolveRevisions({ graph, command: 'merge' }, [name])
    : [branchTip(graph, label)]
}

function requireApart(graph: RevisionGraph, parents: readonly RevisionId[]): void {
  const others = () => heads(graph).filter(head => !withAncestors(graph, parents).has(head))
  if (parents.length < 2) {
    const all = parents.join() || 'no revision'
    throw new NothingToMergeError(`${all} is all there is to join`, parents, others())
  }
  for (const parent of parents) {
    const ancestors = withAncestors(graph, [parent])
    const contained = parents.find(other => other !== parent && ancestors.has(other))
    if (contained) throw new NothingToMergeError(`${parent} already contains ${contained}`, parents, others())
  }
}
