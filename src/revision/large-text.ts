import type { Problem } from '../errors/sqlbraid-error.ts'
import { type Gap, type GappedText, joinTexts } from '../script/gaps.ts'
import type { LexerOptions } from '../script/lexer.ts'
import { readBeginning } from '../script/readable-tokens.ts'
import { type DecodedText, decodeText, detached, type Undecodable } from './decode.ts'
import { readBytesInto } from './read-bytes.ts'
import { scanData } from './scan-data.ts'

/**
 * Reads an open file of which no more shall be in memory than its SQL: the data of each COPY … FROM stdin stay where
 * they are, and leave a gap in the text. Which lines are data is decided by the file alone, in all branches of its `\if`
 * and whatever variables hold. `file` is its path.
 */
export function readLargeText(descriptor: number, file: string): (DecodedText & GappedText) | Undecodable {
  const parts: GappedText[] = []
  let byteOrderMark = ''
  let line = 0
  let lexer: LexerOptions = {}
  for (let position = 0; ; ) {
    const stretch = readStretch(descriptor, position, lexer)
    if ('problems' in stretch) return { problems: below(line, stretch.problems) }
    const { text, semicolon, isLast, bytes } = stretch
    if (position === 0) byteOrderMark = stretch.byteOrderMark
    lexer = stretch.lexer
    position += bytes
    line += text.split('\n').length - 1
    if (semicolon === undefined) {
      parts.push({ text })
      if (isLast) return { ...joinTexts(parts), byteOrderMark }
      continue
    }
    const { problems, end, isClosed, ...facts } = scanData(descriptor, position)
    if (problems.length > 0) return { problems: below(line, problems) }
    const data = { ...facts, range: { file, from: position, to: end } }
    const gap: Gap = { semicolon, at: text.length, data }
    parts.push({ text: isClosed ? text + END_MARK : text, gaps: data.bytes === 0 ? [] : [gap] })
    position = isClosed ? end + END_MARK.length : end
    line += data.lines
  }
}

const END_MARK = '\\.'
const LINE_FEED = 0x0a

/** Shared by all readings, which is safe because they are synchronous and keep no view of it. */
const chunk = Buffer.allocUnsafeSlow(64 * 1024)

/** Whole statements, or what comes before the data of a COPY, or the rest of the file. */
interface Stretch extends DecodedText {
  readonly bytes: number
  /** How plain strings are read behind it. */
  readonly lexer: LexerOptions
  /** Of the COPY whose data follow. */
  readonly semicolon?: number | undefined
  readonly isLast: boolean
}

/** Reads on, as far as it takes to find where a statement ends. */
function readStretch(descriptor: number, position: number, before: LexerOptions): Stretch | Undecodable {
  for (let buffer = chunk; ; buffer = Buffer.allocUnsafeSlow(buffer.length * 2)) {
    const { bytes, isLast } = readBytesInto(buffer, descriptor, position)
    const decoded = decodeText(isLast ? bytes : bytes.subarray(0, bytes.lastIndexOf(LINE_FEED) + 1))
    if ('problems' in decoded) return decoded
    const byteOrderMark = position === 0 ? decoded.byteOrderMark : ''
    const whole = position === 0 ? decoded.text : decoded.byteOrderMark + decoded.text
    const { settled, copy, lexer } = readBeginning(whole, before)
    const end = copy?.dataStart ?? (isLast ? whole.length : settled)
    if (end === 0 && !isLast) continue
    const text = detached(whole.slice(0, end))
    const length = Buffer.byteLength(byteOrderMark + text)
    return { text, byteOrderMark, bytes: length, lexer, semicolon: copy?.semicolon, isLast }
  }
}

/** Problems of a part of the file, before which there are so many lines. */
function below(lines: number, problems: readonly Problem[]): Problem[] {
  return problems.map(problem => ({ ...problem, line: (problem.line ?? 1) + lines }))
}
