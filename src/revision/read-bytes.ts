import { readSync } from 'node:fs'

/** Some bytes of a file. */
export interface Bytes {
  readonly bytes: Buffer
  /** Whether the file ends with them. */
  readonly isLast: boolean
}

/** Fills a buffer with the bytes of an open file from `position` on, or gives as many as there are. */
export function readBytesInto(buffer: Buffer, descriptor: number, position: number): Bytes {
  let filled = 0
  while (filled < buffer.length) {
    const read = readSync(descriptor, buffer, filled, buffer.length - filled, position + filled)
    if (read === 0) return { bytes: buffer.subarray(0, filled), isLast: true }
    filled += read
  }
  return { bytes: buffer, isLast: false }
}
