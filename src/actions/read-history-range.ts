import type { DatabaseListener } from '../database/open-database.ts'
import { historyRange } from '../graph/history-range.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { readView, type View, type ViewRequest, withAppliedIfNeeded } from './read-view.ts'

/** The history, and those of its revisions that lie in a range, newest first. */
export interface HistoryRange extends View {
  readonly range: readonly RevisionId[]
}

/** Reads the revisions of a range (`a:b`, `-3:current`), and a database when it is asked for or the range counts from one. */
export async function readHistoryRange(
  settings: Settings,
  { range, ...request }: ViewRequest & { readonly range: string },
  listener: DatabaseListener = {},
): Promise<HistoryRange> {
  const view = await readView(settings, request, listener)
  const resolve = (applied?: ReadonlySet<RevisionId>) => historyRange(view.graph, range, applied)
  return { ...view, range: await withAppliedIfNeeded(view, settings, listener, resolve) }
}
