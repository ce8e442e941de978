import { closeSync, openSync } from 'node:fs'
import { DataChangedError } from '../errors/run-errors.ts'
import { newDigester } from '../script/content-digest.ts'
import type { FileData } from '../script/gaps.ts'
import { readBytesInto } from './read-bytes.ts'
import { systemCodeOf } from './unreadable-file.ts'

/**
 * Reads data that were left in their file, in pieces, and makes sure that they are what they were when the script was
 * read: at the end throws `DataChangedError` when they are not, and earlier when there is less or the file is gone.
 */
export function* readFileData({ range, sha256 }: FileData): Generator<Buffer> {
  const descriptor = orChanged(range, () => openSync(range.file, 'r'))
  try {
    const digester = newDigester()
    for (let position = range.from; position < range.to; ) {
      const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_SIZE, range.to - position))
      const { bytes, isLast } = orChanged(range, () => readBytesInto(buffer, descriptor, position))
      if (isLast) throw new DataChangedError(range)
      digester.add(bytes)
      yield bytes
      position += bytes.length
    }
    if (digester.finish().sha256 !== sha256) throw new DataChangedError(range)
  } finally {
    closeSync(descriptor)
  }
}

/** The beginning of line `number` (1-based) of data that were left in their file; as much of it as can be read. */
export function readDataLine(data: FileData, number: number): string {
  let found = Buffer.alloc(0)
  let line = 1
  try {
    for (const bytes of readFileData(data)) {
      let from = 0
      for (; line < number && from < bytes.length; line++) {
        const end = bytes.indexOf(LINE_FEED, from)
        if (end === -1) break
        from = end + 1
      }
      if (line < number) continue
      const end = bytes.indexOf(LINE_FEED, from)
      found = Buffer.concat([found, bytes.subarray(from, end === -1 ? bytes.length : end)])
      if (end !== -1 || found.length >= SHOWN) break
    }
  } catch (error) {
    if (!(error instanceof DataChangedError)) throw error
  }
  return found.subarray(0, SHOWN).toString('utf8').replace(/\r$/, '')
}

const CHUNK_SIZE = 256 * 1024
const LINE_FEED = 0x0a

/** More than is ever shown of a line. */
const SHOWN = 4096

function orChanged<T>(range: FileData['range'], read: () => T): T {
  try {
    return read()
  } catch (error) {
    systemCodeOf(error)
    throw new DataChangedError(range, { cause: error })
  }
}
