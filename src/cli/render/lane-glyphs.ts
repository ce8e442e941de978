import type { Hue, LaneRow, LinkRow, RevisionRow } from './lanes.ts'
import type { Style } from './style.ts'

/** The characters that lanes are drawn with. */
export interface LaneGlyphs {
  readonly pass: string
  readonly along: string
  /** Where a link leaves a line that goes on, or meets it. */
  readonly branch: string
  /** Where one of several lines goes down from a link. */
  readonly drop: string
  readonly fromRightDown: string
  readonly fromLeftDown: string
  readonly fromLeftUp: string
}

export const BOX_GLYPHS: LaneGlyphs = {
  pass: '│',
  along: '─',
  branch: '├',
  drop: '┬',
  fromRightDown: '╭',
  fromLeftDown: '╮',
  fromLeftUp: '╯',
}

export const ASCII_GLYPHS: LaneGlyphs = {
  pass: '|',
  along: '-',
  branch: '+',
  drop: '+',
  fromRightDown: '/',
  fromLeftDown: '\\',
  fromLeftUp: '/',
}

/** Draws a row; `symbol` stands for the revision, and is one column wide. */
export function drawLaneRow<Id>(row: LaneRow<Id>, symbol: string, glyphs: LaneGlyphs, style: Style): string {
  return row.kind === 'link' ? drawLinkRow(row, glyphs, style) : drawRevisionRow(row, symbol, glyphs, style)
}

/** Draws the lanes below a revision's row, for another line of text beside them. */
export function drawLanesBelow<Id>(row: RevisionRow<Id>, glyphs: LaneGlyphs, style: Style): string {
  const own = row.continues ? paint(glyphs.pass, row.lanes[row.column], style) : ' '
  return drawRevisionRow(row, own, glyphs, style)
}

function drawRevisionRow<Id>(
  { column, lanes }: RevisionRow<Id>,
  symbol: string,
  glyphs: LaneGlyphs,
  style: Style,
): string {
  return lanes.map((hue, at) => (at === column ? symbol : drawLane(hue, glyphs, style))).join(' ')
}

/** A line that passes a link lies over it: `├─│─╯`. */
function drawLinkRow(row: LinkRow, glyphs: LaneGlyphs, style: Style): string {
  const linked = [...row.from, ...row.to]
  const first = Math.min(...linked)
  const last = Math.max(...linked)
  const cellAt = (at: number): string => {
    if (linked.includes(at)) return paint(linkGlyph(row, at, last, glyphs), row.hue, style)
    const passing = row.above[at] === undefined ? undefined : row.below[at]
    return passing === undefined ? alongFrom(at) : drawLane(passing, glyphs, style)
  }
  const alongFrom = (at: number) => (at >= first && at < last ? paint(glyphs.along, row.hue, style) : ' ')
  const width = Math.max(row.above.length, row.below.length)
  return Array.from({ length: width }, (_, at) => cellAt(at) + alongFrom(at))
    .join('')
    .trimEnd()
}

function linkGlyph({ from, to }: LinkRow, at: number, last: number, glyphs: LaneGlyphs): string {
  const isAbove = from.includes(at)
  if (isAbove && to.includes(at)) return glyphs.branch
  if (isAbove) return glyphs.fromLeftUp
  if (at < last) return from.every(column => column > at) ? glyphs.fromRightDown : glyphs.drop
  return glyphs.fromLeftDown
}

function drawLane(hue: Hue, glyphs: LaneGlyphs, style: Style): string {
  return hue === undefined ? ' ' : paint(glyphs.pass, hue, style)
}

function paint(text: string, hue: Hue, style: Style): string {
  if (hue === undefined) return text
  const colours = [style.cyan, style.magenta, style.green, style.blue, style.yellow, style.red]
  return colours[hue % colours.length]?.(text) ?? text
}
