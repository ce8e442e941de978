import type { Place } from '../errors/run-errors.ts'
import { excerpt } from './excerpt.ts'
import type { Gap, GappedText } from './gaps.ts'
import { lineAndColumn } from './position.ts'

/** A file as it was read. */
export interface Source extends GappedText {
  readonly file: string
}

/**
 * Which part of a source a stretch of a script's text came from. A piece whose two lengths differ stands for
 * something substituted: every offset in it is where that something is written in the source.
 */
export interface Piece {
  readonly source: Source
  readonly sourceStart: number
  readonly sourceEnd: number
  /** Offsets in the script's text. */
  readonly start: number
  readonly end: number
}

/** The pieces of one text, in order and without gaps. */
export type Pieces = readonly [Piece, ...Piece[]]

/** The pieces of a script that is one file, word for word. */
export function wholeSource(source: Source): Pieces {
  const length = source.text.length
  return [{ source, sourceStart: 0, sourceEnd: length, start: 0, end: length }]
}

/** Where the UTF-16 offset `offset` of a script's text is written; the excerpt is the source's line. */
export function locate(pieces: Pieces, offset: number): Place {
  const { source, sourceOffset } = writtenAt(pieces, offset)
  const { file, text } = source
  const { line, column } = lineAndColumn(text, sourceOffset)
  const leftOut = linesInGaps(source, gap => gap.at <= sourceOffset)
  return { file, line: line + leftOut, column, excerpt: excerpt(text, sourceOffset) }
}

/** Where line `number` (1-based) of the data in the gap at `offset` of a script's text is written, and what it says. */
export function locateInGap(
  pieces: Pieces,
  offset: number,
  { number, text }: { readonly number: number; readonly text: string },
): Place {
  const { source, sourceOffset } = writtenAt(pieces, offset)
  const { line } = lineAndColumn(source.text, sourceOffset)
  const leftOut = linesInGaps(source, gap => gap.at < sourceOffset)
  return { file: source.file, line: line + leftOut + number - 1, column: 1, excerpt: excerpt(text, 0) }
}

function writtenAt(pieces: Pieces, offset: number): { source: Source; sourceOffset: number } {
  const piece = pieces.findLast(({ start }) => start <= offset) ?? pieces[0]
  return { source: piece.source, sourceOffset: offsetInSource(piece, offset) }
}

function linesInGaps({ gaps = [] }: Source, counts: (gap: Gap) => boolean): number {
  return gaps.filter(counts).reduce((lines, { data }) => lines + data.lines, 0)
}

function offsetInSource({ sourceStart, sourceEnd, start, end }: Piece, offset: number): number {
  const substituted = end - start !== sourceEnd - sourceStart
  return substituted ? sourceStart : Math.min(sourceStart + offset - start, sourceEnd)
}
