import { RevisionNotAppliedError } from '../errors/graph-errors.ts'
import { resolveRevision, type TargetContext } from '../graph/resolve-target.ts'
import type { RevisionId } from '../revision/revision.ts'

/**
 * The one applied revision that a target names.
 *
 * @throws RevisionNotAppliedError, and what `resolveRevision` throws
 */
export function appliedRevision(
  context: TargetContext & { readonly applied: ReadonlySet<RevisionId> },
  target: string,
): RevisionId {
  const revision = resolveRevision(context, target)
  if (!context.applied.has(revision)) throw new RevisionNotAppliedError(revision)
  return revision
}
