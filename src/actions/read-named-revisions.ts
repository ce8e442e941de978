import type { DatabaseListener } from '../database/open-database.ts'
import { resolveRevisions } from '../graph/resolve-target.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { readView, type View, type ViewRequest, withAppliedIfNeeded } from './read-view.ts'

/** The history, and those of its revisions that a target names. */
export interface NamedRevisions extends View {
  readonly named: readonly RevisionId[]
}

/** Reads the revisions that `target` names; `command` is what it was typed for. */
export async function readNamedRevisions(
  settings: Settings,
  { target, command, ...request }: ViewRequest & { readonly target: string; readonly command: string },
  listener: DatabaseListener = {},
): Promise<NamedRevisions> {
  const view = await readView(settings, request, listener)
  const named = await withAppliedIfNeeded(view, settings, listener, applied =>
    resolveRevisions({ graph: view.graph, applied, command }, [target]),
  )
  return { ...view, named }
}
