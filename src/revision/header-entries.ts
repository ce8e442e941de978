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
  let line = 0
  let bodyStart = 0
  for (const found of headerLines(text)) {
    line++
    const entry = readEntry(found, line)
    if (entry) entries.push(entry)
    bodyStart = found.index + found[0].length
  }
  return { entries, bodyStart }
}

/** Where the header of `text` ends and its body starts. */
export function findBodyStart(text: string): number {
  let bodyStart = 0
  for (const found of headerLines(text)) bodyStart = found.index + found[0].length
  return bodyStart
}

const BLANK_OR_COMMENT = /([ \t\f\v]*)(?:--([^\r\n]*))?(?:\r\n|\n|\r|$)/y
const WORD_AND_VALUE = /^([ \t]*)([A-Za-z][A-Za-z_-]*)([ \t]*:\s*)(.*)$/su

function* headerLines(text: string): Generator<RegExpExecArray> {
  for (let start = 0; start < text.length; ) {
    BLANK_OR_COMMENT.lastIndex = start
    const found = BLANK_OR_COMMENT.exec(text)
    if (!found) return
    start += found[0].length
    yield found
  }
}

function readEntry(found: RegExpExecArray, line: number): HeaderEntry | undefined {
  const [, indent = '', comment = ''] = found
  const [, gap = '', word = '', colon = '', rest = ''] = WORD_AND_VALUE.exec(comment) ?? []
  if (!word) return undefined
  const column = indent.length + '--'.length + gap.length + 1
  const valueColumn = column + word.length + colon.length
  const start = found.index + valueColumn - 1
  const value = rest.trimEnd()
  return { word: word.toLowerCase(), value, start, end: start + value.length, line, column, valueColumn }
}
