import type { HistoryRange } from '../../actions/read-history-range.ts'
import type { View } from '../../actions/read-view.ts'
import type { GraphRevision } from '../../graph/revision-graph.ts'
import type { RevisionId } from '../../revision/revision.ts'
import { detailsRenderer } from './details.ts'
import { renderRevision, renderStepOfHistory } from './revisions.ts'
import type { Style } from './style.ts'

/** How much is said of each revision. */
export interface Detail {
  /** Everything that is known of it, instead of a line. */
  readonly verbose?: boolean | undefined
}

/** How much of a history is shown. */
export interface Extent extends Detail {
  /** No more revisions than this, the newest of the range. */
  readonly maxCount?: number | undefined
}

/** Lists revisions, line by line. */
export function renderRevisions(
  ids: readonly RevisionId[],
  view: View,
  { verbose }: Detail,
  style: Style,
): Iterable<string> {
  return verbose ? detailsOf(ids, view, style) : linesOf(ids, view, renderRevision, style)
}

/** Lists the revisions of a range, newest first, line by line; each with where it comes from. */
export function renderHistory(
  view: HistoryRange,
  { verbose, maxCount }: Extent,
  style: Style,
): Iterable<string> {
  const ids = view.range.slice(0, maxCount)
  return verbose ? detailsOf(ids, view, style) : linesOf(ids, view, renderStepOfHistory, style)
}

function* detailsOf(ids: readonly RevisionId[], view: View, style: Style): Generator<string> {
  const render = detailsRenderer(view, style)
  for (const [index, id] of ids.entries()) {
    if (index > 0) yield ''
    yield* render(id)
  }
}

function* linesOf(
  ids: readonly RevisionId[],
  view: View,
  render: (revision: GraphRevision, view: View, style: Style) => string,
  style: Style,
): Generator<string> {
  for (const id of ids) {
    const revision = view.graph.revision(id)
    if (revision) yield render(revision, view, style)
  }
}
