import type { Problem } from '../errors/sqlbraid-error.ts'
import { newDigester } from '../script/content-digest.ts'
import type { DataFacts } from '../script/gaps.ts'
import { countLineFeeds, findUndecodable } from './decode.ts'
import { readBytesInto } from './read-bytes.ts'

/** The lines of a COPY in an open file. */
export interface ScannedData extends DataFacts {
  /** Where the line `\.` starts, or the file ends. */
  readonly end: number
  readonly isClosed: boolean
  /** What is wrong with the bytes; lines count from the first of the data. */
  readonly problems: readonly Problem[]
}

/**
 * Looks through the lines of a COPY that start at the byte `start`, up to the line `\.` as `readCopyData` finds it. Keeps
 * none of them in memory.
 */
export function scanData(descriptor: number, start: number): ScannedData {
  const digester = newDigester()
  const problems: Problem[] = []
  let lines = 0
  let startsLine = true
  for (let position = start; ; ) {
    const { bytes, isLast } = readBytesInto(chunk, descriptor, position)
    const mark = findEndMark(bytes, { startsLine, isLast })
    const data = bytes.subarray(0, mark ?? (isLast ? bytes.length : lengthToTake(bytes)))
    for (const { line = 1, ...problem } of problems.length === 0 ? findUndecodable(data) : [])
      problems.push({ ...problem, line: line + lines })
    digester.add(data)
    lines += countLineFeeds(data)
    position += data.length
    startsLine = data.at(-1) === LINE_FEED
    if (mark !== undefined || isLast)
      return { end: position, isClosed: mark !== undefined, lines, problems, ...digester.finish() }
  }
}

/** Shared by all scans, which is safe because they are synchronous and keep no view of it. */
const chunk = Buffer.allocUnsafeSlow(64 * 1024)
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const END_MARK = '\\.'

interface Stretch {
  /** Whether the first byte is the first of a line. */
  readonly startsLine: boolean
  readonly isLast: boolean
}

function findEndMark(bytes: Buffer, { startsLine, isLast }: Stretch): number | undefined {
  for (let at = bytes.indexOf(END_MARK); at !== -1; at = bytes.indexOf(END_MARK, at + 1)) {
    const opensLine = at === 0 ? startsLine : bytes[at - 1] === LINE_FEED
    if (opensLine && endsLine(bytes, at + END_MARK.length, isLast)) return at
  }
  return undefined
}

function endsLine(bytes: Buffer, at: number, isLast: boolean): boolean {
  const next = bytes[at] === CARRIAGE_RETURN ? at + 1 : at
  return next < bytes.length ? bytes[next] === LINE_FEED : isLast
}

/** Cuts neither a character nor what may be the beginning of the end mark. */
function lengthToTake(bytes: Buffer): number {
  const lineStart = bytes.lastIndexOf(LINE_FEED) + 1
  if (lineStart > 0 && bytes.length - lineStart <= '\\.\r'.length) return lineStart
  let lead = bytes.length - 1
  while (lead > bytes.length - LONGEST_CHARACTER && isContinuation(bytes[lead])) lead--
  return lead
}

const LONGEST_CHARACTER = 4

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80
}
