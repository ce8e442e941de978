import type { Place } from '../errors/run-errors.ts'
import { excerpt } from './excerpt.ts'
import { lineAndColumn } from './position.ts'

/** A file as it was read. */
export interface Source {
  readonly file: string
  readonly text: string
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
  const piece = pieces.findLast(({ start }) => start <= offset) ?? pieces[0]
  const { file, text } = piece.source
  const sourceOffset = offsetInSource(piece, offset)
  const { line, column } = lineAndColumn(text, sourceOffset)
  return { file, line, column, excerpt: excerpt(text, sourceOffset) }
}

function offsetInSource({ sourceStart, sourceEnd, start, end }: Piece, offset: number): number {
  const substituted = end - start !== sourceEnd - sourceStart
  return substituted ? sourceStart : Math.min(sourceStart + offset - start, sourceEnd)
}
