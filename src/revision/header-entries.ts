/** A line of a header that has the form `-- word: value`, whether or not the word is a key. */
export interface HeaderEntry {
  /** In lower case. */
  readonly word: string
  readonly value: string
  /** Offsets of the value in the text, without the space around it. */
  readonly start: number
  readonly end: number
  /** 1-based. */
  readonly line: number
  /** 1-based, of the word. */
  readonly column: number
  /** 1-based, of the value. */
  readonly valueColumn: number
}

export interface HeaderEntries {
  readonly entries: readonly HeaderEntry[]
  /** Where the first line that is neither blank nor a `--` comment starts. */
  readonly bodyStart: number
}

/**
 * Reads the run of blank and `--` lines at the start of `text`, which has no byte order mark. Lines end where
 * PostgreSQL's own comments end: at LF, CRLF or a lone CR.
 */
export function readHeaderEntries(text: string): HeaderEntries {
  const entries: HeaderEntry[] = []
  let bodyStart = 0
  for (let line = 1; bodyStart < text.length; line++) {
    HEADER_LINE.lastIndex = bodyStart
    const found = HEADER_LINE.exec(text)
    if (!found) break
    if (found[3]) entries.push(entryFrom(found, line))
    bodyStart = HEADER_LINE.lastIndex
  }
  return { entries, bodyStart }
}

/** Where the header of `text` ends and its body starts. */
export function findBodyStart(text: string): number {
  return readHeaderEntries(text).bodyStart
}

/**
 * A blank line or a comment; of a comment `-- word: value` the indent, gap, word, colon and value. One pattern for all
 * of it, because a command may read thousands of headers.
 */
const HEADER_LINE =
  /([ \t\f\v]*)(?:--(?:([ \t]*)([A-Za-z][A-Za-z_-]*)([ \t]*:[^\S\r\n]*)([^\r\n]*)|[^\r\n]*))?(?:\r\n|\n|\r|$)/y

function entryFrom(found: RegExpExecArray, line: number): HeaderEntry {
  const [, indent = '', gap = '', word = '', colon = '', rest = ''] = found
  const column = indent.length + '--'.length + gap.length + 1
  const valueColumn = column + word.length + colon.length
  const start = found.index + valueColumn - 1
  const value = rest.trimEnd()
  return { word: word.toLowerCase(), value, start, end: start + value.length, line, column, valueColumn }
}
