import type { DatabaseListener } from '../database/open-database.ts'
import { type Explanation, explain } from '../plan/explain.ts'
import type { Settings } from '../settings/settings.ts'
import { readView, type View, type ViewRequest, withAppliedIfNeeded } from './read-view.ts'

/** Why the upgrade to the targets contains a revision, with the history it was asked of. */
export interface RevisionExplanation extends View {
  readonly explanation: Explanation
}

/**
 * Explains the plan of an upgrade. Without a database it is that of an empty one, unless a target counts from what is
 * applied. Throws what `explain` throws.
 */
export async function explainRevision(
  settings: Settings,
  {
    revision,
    targets,
    ...request
  }: ViewRequest & { readonly revision: string; readonly targets: readonly string[] },
  listener: DatabaseListener = {},
): Promise<RevisionExplanation> {
  const view = await readView(settings, request, listener)
  const explanation = await withAppliedIfNeeded(view, settings, listener, applied =>
    explain(view.graph, applied, targets, revision),
  )
  return { ...view, explanation }
}
