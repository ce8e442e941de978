import { resolveRevision } from '../graph/resolve-target.ts'
import { trunkTip } from '../graph/trunk.ts'
import type { Revision } from '../revision/revision.ts'
import { type AuthoringSettings, writeChecked } from './create-revision.ts'
import { readHistory } from './read-history.ts'

export interface BranchRequest {
  /** The label of the new branch. */
  readonly name: string
  /** Where it leaves from; the trunk's tip by default. */
  readonly from?: string | undefined
  readonly message?: string | undefined
}

/** Writes an empty revision that carries the branch's label. Throws as `createRevision`. */
export function createBranch(settings: AuthoringSettings, { name, from, message }: BranchRequest): Revision {
  const history = readHistory(settings)
  const { graph } = history
  const start =
    from === undefined ? trunkTip(graph) : resolveRevision({ graph, command: 'branch --from' }, from)
  const parents = start === undefined ? [] : [start]
  return writeChecked(settings, history, parents, {
    message: message ?? `begin branch ${name}`,
    labels: [name],
  })
}
