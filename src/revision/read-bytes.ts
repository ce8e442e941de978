import { readSync } from 'node:fs'

/** Some bytes of a file. */
export interface Bytes {
  readonly bytes: Buffer
  /** Whether the file ends with them. */
  readonly isLast: boolean
}

/** Reads `length` bytes of an open file from `position` on, or as many as there are. */
export function readBytesAt(descriptor: number, position: number, length: number): Bytes {
  const buffer = Buffer.allocUnsafeSlow(length)
  let filled = 0
  while (filled < length) {
    const read = readSync(descriptor, buffer, filled, length - filled, position + filled)
    if (read === 0) return { bytes: buffer.subarray(0, filled), isLast: true }
    filled += read
  }
  return { bytes: buffer, isLast: false }
}
