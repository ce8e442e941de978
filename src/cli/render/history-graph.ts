import type { HistoryRange } from '../../actions/read-history-range.ts'
import type { Standing } from '../../actions/standing.ts'
import { drawingOrder } from '../../graph/drawing-order.ts'
import type { RevisionId } from '../../revision/revision.ts'
import { detailsRenderer } from './details.ts'
import { ASCII_GLYPHS, BOX_GLYPHS, drawLaneRow, drawLanesBelow, type LaneGlyphs } from './lane-glyphs.ts'
import { layOutLanes } from './lanes.ts'
import type { Extent } from './revision-list.ts'
import { renderRevision, STANDING_WORDS } from './revisions.ts'
import type { Style } from './style.ts'

/** The characters of one drawing: those of the lanes, and one for each standing of a revision. */
export interface Alphabet {
  readonly lanes: LaneGlyphs
  readonly symbols: Readonly<Record<Standing, string>>
}

export const BOX: Alphabet = {
  lanes: BOX_GLYPHS,
  symbols: { applied: '●', changed: '!', incomplete: '!', pending: '○', unknown: '?' },
}

export const ASCII: Alphabet = {
  lanes: ASCII_GLYPHS,
  symbols: { applied: '*', changed: '!', incomplete: '!', pending: 'o', unknown: '?' },
}

/** How a history is drawn. */
export interface DrawingOptions extends Extent {
  readonly alphabet: Alphabet
}

/** Draws the revisions of a range in lanes, line by line, heads first. */
export function* renderHistoryGraph(
  view: HistoryRange,
  { alphabet, maxCount, verbose }: DrawingOptions,
  style: Style,
): Generator<string> {
  const { graph, range } = view
  const members = new Set(range)
  const order = drawingOrder(graph, new Set(range.slice(0, maxCount)))
  const textOf = verbose ? spaced(detailsRenderer(view, style)) : lineRenderer(view, style)
  for (const row of layOutLanes(order, id => graph.parents(id).filter(parent => members.has(parent)))) {
    if (row.kind === 'link') {
      yield drawLaneRow(row, '', alphabet.lanes, style)
      continue
    }
    const [title = '', ...more] = textOf(row.revision)
    yield `${drawLaneRow(row, symbolOf(row.revision, view, alphabet, style), alphabet.lanes, style)}  ${title}`
    const below = drawLanesBelow(row, alphabet.lanes, style)
    for (const line of more) yield `${below}  ${line}`.trimEnd()
  }
}

/** One line: the revision, and what it depends on, which has no lane. */
function lineRenderer(view: HistoryRange, style: Style): (id: RevisionId) => readonly string[] {
  return id => {
    const revision = view.graph.revision(id)
    if (revision === undefined) return []
    const depends = revision.depends.length === 0 ? '' : ` [depends on ${revision.depends.join(', ')}]`
    return [`${renderRevision(revision, view, style)}${style.dim(depends)}`]
  }
}

function spaced(render: (id: RevisionId) => readonly string[]): (id: RevisionId) => readonly string[] {
  return id => [...render(id), '']
}

function symbolOf(id: RevisionId, { standings }: HistoryRange, { symbols }: Alphabet, style: Style): string {
  if (standings === undefined) return symbols.applied
  const standing = standings.standingOf(id)
  return style[STANDING_WORDS[standing].colour](symbols[standing])
}
