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
  const hasReturns = text.includes('\r')
  let bodyStart = 0
  for (let line = 1; bodyStart < text.length; line++) {
    const plain = hasReturns ? undefined : plainEntry(text, bodyStart, line)
    if (plain) {
      entries.push(plain)
      bodyStart = plain.end + 1
      continue
    }
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
 * The entry of a line as nearly all are written, `-- word: value` and nothing besides; undefined for any other line. The
 * pattern below would say the same, but its answers are most of the garbage that reading a long history makes.
 */
function plainEntry(text: string, lineStart: number, line: number): HeaderEntry | undefined {
  if (!text.startsWith('-- ', lineStart)) return undefined
  const colon = text.indexOf(': ', lineStart)
  const end = text.indexOf('\n', colon)
  if (colon === -1 || end === -1) return undefined
  const start = colon + ': '.length
  const word = text.slice(lineStart + '-- '.length, colon)
  const value = text.slice(start, end)
  if (!PLAIN_WORD.test(word) || value !== value.trim()) return undefined
  return { word, value, start, end, line, column: '-- '.length + 1, valueColumn: start - lineStart + 1 }
}

const PLAIN_WORD = /^[a-z][a-z_-]*$/

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
