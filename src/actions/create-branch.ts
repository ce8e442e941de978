import { resolveRevision } from '../graph/resolve-target.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { Revision, RevisionId } from '../revision/revision.ts'
import { type AuthoringSettings, onTrunk, type RevisionRequest, writeChecked } from './create-revision.ts'
import { readHistory } from './read-history.ts'

export interface BranchRequest extends Pick<RevisionRequest, 'depends' | 'id' | 'folder'> {
  /** The label of the new branch. */
  readonly name: string
  /** Where it leaves from, the trunk's tip by default; `base` makes a new base. */
  readonly from?: string | undefined
  readonly message?: string | undefined
}

/** Writes an empty revision that carries the branch's label. Throws as `createRevision`. */
export function createBranch(
  settings: AuthoringSettings,
  { name, from, message, ...request }: BranchRequest,
): Revision {
  const history = readHistory(settings)
  return writeChecked(settings, history, parentsFor(history.graph, name, from), {
    ...request,
    message: message ?? `begin branch ${name}`,
    labels: [name],
  })
}

function parentsFor(graph: RevisionGraph, name: string, from: string | undefined): RevisionId[] {
  if (from === 'base') return []
  if (from !== undefined) return [resolveRevision({ graph, command: `branch ${name} --from` }, from)]
  return onTrunk(graph, label => `sqlbraid branch ${name} --from ${label}@head`)
}
