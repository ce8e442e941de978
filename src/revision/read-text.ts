import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import type { GappedText } from '../script/gaps.ts'
import { type DecodedText, decodeText, type Undecodable } from './decode.ts'
import { readLargeText } from './large-text.ts'

/** Up to here a file is read whole. docs/psql.md names it. */
const LARGEST_WHOLE = 4 * 1024 * 1024

/** Reads the text of a script, or what is wrong with it; of a large file the data of its COPYs stay where they are. */
export function readText(file: string): (DecodedText & GappedText) | Undecodable {
  const descriptor = openSync(file, 'r')
  try {
    if (fstatSync(descriptor).size > LARGEST_WHOLE) return readLargeText(descriptor, file)
    return decodeText(readFileSync(descriptor))
  } finally {
    closeSync(descriptor)
  }
}

/** Reads the text of a script without gaps, however large it is. */
export function readWholeText(file: string): DecodedText | Undecodable {
  return decodeText(readFileSync(file))
}
