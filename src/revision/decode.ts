import { isUtf8 } from 'node:buffer'
import type { Problem } from '../errors/sqlbraid-error.ts'

/**
 * Turns the bytes of a file into text, without a byte order mark. Gives the problems instead (each with its line)
 * when the bytes are not UTF-8 or hold a NUL, which PostgreSQL cannot take.
 */
export function decodeText(bytes: Buffer): { readonly text: string } | { readonly problems: readonly Problem[] } {
  const problems = [...findNotUtf8(bytes), ...findNul(bytes)]
  if (problems.length > 0) return { problems }
  return { text: bytes.toString('utf8', startsWith(bytes, UTF8_MARK) ? UTF8_MARK.length : 0) }
}

const UTF8_MARK = [0xef, 0xbb, 0xbf]
const UTF16_MARKS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
]
const LINE_FEED = 0x0a

function findNotUtf8(bytes: Buffer): Problem[] {
  if (isUtf8(bytes)) return []
  const isUtf16 = UTF16_MARKS.some(mark => startsWith(bytes, mark))
  const message = isUtf16
    ? 'The file is not UTF-8 but UTF-16; save it as UTF-8.'
    : 'The file is not UTF-8; this is the first line that is not.'
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

function countLineFeeds(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) count++
  return count
}

function startsWith(bytes: Buffer, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte)
}
