import { TextAfterCopyError, UnclosedError } from '../errors/script-errors.ts'

/** The lines that follow COPY … FROM stdin in a script; of a large file there may be a gap (`gaps.ts`) in their place. */
export interface CopyData {
  /** Where the first line starts. */
  readonly start: number
  /** Where the line `\.` starts, which ends the data and is not one of them. */
  readonly end: number
  /** Where the script goes on: after the `\.`. */
  readonly next: number
}

/** Whether the words of a statement are COPY … FROM stdin; as in PostgreSQL's grammar, `stdout` means the same. */
export function copiesFromStdin(words: readonly string[]): boolean {
  if (words[0] !== 'COPY') return false
  const source = words[words.indexOf('FROM') + 1]
  return source === 'STDIN' || source === 'STDOUT'
}

/**
 * Finds the data of the COPY statement that starts at `copy` and whose semicolon ends at `from`.
 * Throws `TextAfterCopyError` when SQL follows the semicolon on its line, `UnclosedError` when no line `\.` follows.
 */
export function readCopyData(script: string, copy: number, from: number): CopyData {
  const start = startOfData(script, from)
  const end = start === undefined ? -1 : endOfData(script, start)
  if (start === undefined || end === -1) throw new UnclosedError('UNCLOSED_COPY_DATA', copy)
  return { start, end, next: end + 2 }
}

/**
 * Where the data of a COPY start whose semicolon ends at `from`; undefined where the text ends on its line.
 * Throws `TextAfterCopyError`.
 */
export function startOfData(script: string, from: number): number | undefined {
  const lineEnd = script.indexOf('\n', from)
  const rest = script.slice(from, lineEnd === -1 ? script.length : lineEnd)
  const blank = rest.match(/^[ \t\r\f\v]*/)?.[0].length ?? 0
  if (blank < rest.length && !rest.startsWith('--', blank)) throw new TextAfterCopyError(from + blank)
  return lineEnd === -1 ? undefined : lineEnd + 1
}

/** Where line `line` (1-based) of COPY data starts. */
export function offsetOfDataLine(script: string, { start, end }: CopyData, line: number): number {
  let offset = start
  for (let at = 1; at < line && offset < end; at++) offset = script.indexOf('\n', offset) + 1
  return offset
}

function endOfData(script: string, from: number): number {
  const mark = /\\\.(?=\r?\n|\r?$)/g
  mark.lastIndex = from
  for (let found = mark.exec(script); found !== null; found = mark.exec(script)) {
    if (script[found.index - 1] === '\n') return found.index
  }
  return -1
}
