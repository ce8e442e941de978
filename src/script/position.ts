/** A place in a text as people name it. */
export interface LineAndColumn {
  /** 1-based. */
  readonly line: number
  /** 1-based, in code points: a tab and an emoji are one column each. */
  readonly column: number
  /** The line without its line end. */
  readonly lineText: string
}

/** Where the UTF-16 offset `offset` of `text` is; an offset past the end is the end. Lines end in LF or CRLF. */
export function lineAndColumn(text: string, offset: number): LineAndColumn {
  const start = lineStart(text, offset)
  const end = text.indexOf('\n', start)
  return {
    line: countLineEnds(text, start) + 1,
    column: codePoints(text.slice(start, offset)) + 1,
    lineText: text.slice(start, end === -1 ? text.length : end).replace(/\r$/, ''),
  }
}

/**
 * The UTF-16 offset of a `position` that PostgreSQL reports: 1-based, in characters, into the text it was sent;
 * one past the end means the end.
 */
export function offsetOfPosition(text: string, position: number): number {
  let offset = 0
  for (let character = 1; character < position && offset < text.length; character++) {
    offset += isPair(text, offset) ? 2 : 1
  }
  return offset
}

/** Where the line that holds `offset` starts. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
}

function countLineEnds(text: string, before: number): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < before; at = text.indexOf('\n', at + 1)) count++
  return count
}

function codePoints(text: string): number {
  let count = 0
  for (let offset = 0; offset < text.length; count++) offset += isPair(text, offset) ? 2 : 1
  return count
}

function isPair(text: string, offset: number): boolean {
  return (text.codePointAt(offset) ?? 0) > 0xffff
}
