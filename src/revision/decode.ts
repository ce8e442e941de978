import { isUtf8 } from 'node:buffer'
import type { Problem } from '../errors/sqlbraid-error.ts'

/** The text of a file, and the byte order mark that stood before it (or nothing). */
export interface DecodedText {
  readonly text: string
  readonly byteOrderMark: string
}

/** What is wrong with the bytes of a file. */
export interface Undecodable {
  readonly problems: readonly Problem[]
}

/**
 * Turns the bytes of a file into text. Gives the problems instead (each with its line, and without the file) when
 * the bytes are not UTF-8 or hold a NUL, which PostgreSQL cannot take.
 */
export function decodeText(bytes: Buffer): DecodedText | Undecodable {
  const problems = findUndecodable(bytes)
  if (problems.length > 0) return { problems }
  const decoded = bytes.toString('utf8')
  const byteOrderMark = decoded.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
  return { text: decoded.slice(byteOrderMark.length), byteOrderMark }
}

/**
 * Whether `decodeText` might say something else of the bytes that `text` was plainly decoded from: what is not UTF-8
 * leaves a replacement character behind.
 */
export function mayNeedCare(text: string): boolean {
  return text.includes(REPLACEMENT) || text.includes('\0') || text.startsWith(BYTE_ORDER_MARK)
}

/** The problems that `decodeText` would find. */
export function findUndecodable(bytes: Buffer): Problem[] {
  return [...findNotUtf8(bytes), ...findNul(bytes)]
}

/** A copy, because a slice would keep the whole text that it was cut from in memory. */
export function detached(slice: string): string {
  return Buffer.from(slice).toString()
}

/** How many line feeds there are in `bytes`. */
export function countLineFeeds(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) count++
  return count
}

const REPLACEMENT = '\uFFFD'
const BYTE_ORDER_MARK = '\uFEFF'
const UTF16_MARKS = ['fffe', 'feff']
const LINE_FEED = 0x0a

function findNotUtf8(bytes: Buffer): Problem[] {
  if (isUtf8(bytes)) return []
  const message = UTF16_MARKS.includes(bytes.toString('hex', 0, 2))
    ? 'The file is not UTF-8 but UTF-16; save it as UTF-8.'
    : 'The file is not UTF-8; this line is the first that is not.'
  return [{ code: 'NOT_UTF8', message, line: firstLineNotUtf8(bytes) }]
}

/** A line feed is never a part of another character in UTF-8, so that lines can be checked one by one. */
function firstLineNotUtf8(bytes: Buffer): number {
  let start = 0
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(LINE_FEED, start)
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line
    start = end + 1
  }
}

function findNul(bytes: Buffer): Problem[] {
  const offset = bytes.indexOf(0)
  if (offset === -1) return []
  const line = countLineFeeds(bytes.subarray(0, offset)) + 1
  return [{ code: 'NUL_BYTE', message: 'The file holds a NUL byte, which PostgreSQL cannot take.', line }]
}
