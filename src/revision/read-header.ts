import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import type { Problem } from '../errors/sqlbraid-error.ts'
import { decodeText, detached } from './decode.ts'
import { type ParsedHeader, parseHeader } from './header.ts'
import { findBodyStart } from './header-entries.ts'
import { unreadableFile } from './unreadable-file.ts'

/** What reading a file's header gave: nothing but problems where the file is not text at all. */
export interface FileHeader {
  readonly file: string
  readonly parsed?: ParsedHeader
  /** All of the file's problems, those of the header included. */
  readonly problems: readonly Problem[]
}

/**
 * Reads the header at the start of `file`: of a longer file only the first 64 KiB, unless the header goes on behind
 * them. The rest is checked when the script is read in order to be run.
 */
export function readHeader(file: string): FileHeader {
  try {
    const { bytes, isWhole } = readBeginning(file)
    const beginning = headerIn(bytes, file)
    return isWhole || beginning.endsInside ? beginning.header : headerIn(readFileSync(file), file).header
  } catch (error) {
    return { file, problems: [unreadableFile(file, error)] }
  }
}

const CHUNK_SIZE = 64 * 1024
const LINE_FEED = 0x0a

/** Shared by all reads, which is safe because they are synchronous and nothing keeps a view of it. */
const chunk = Buffer.allocUnsafeSlow(CHUNK_SIZE)

/** Whole lines only, so that no character is cut in two. */
function readBeginning(file: string): { readonly bytes: Buffer; readonly isWhole: boolean } {
  const descriptor = openSync(file, 'r')
  try {
    const length = readSync(descriptor, chunk, 0, CHUNK_SIZE, 0)
    const isWhole = length < CHUNK_SIZE
    return { bytes: chunk.subarray(0, isWhole ? length : chunk.lastIndexOf(LINE_FEED) + 1), isWhole }
  } finally {
    closeSync(descriptor)
  }
}

function headerIn(
  bytes: Buffer,
  file: string,
): { readonly header: FileHeader; readonly endsInside: boolean } {
  const decoded = decodeText(bytes)
  if ('problems' in decoded)
    return { header: { file, problems: inFile(decoded.problems, file) }, endsInside: true }
  const headerText = detached(decoded.text.slice(0, findBodyStart(decoded.text)))
  const parsed = parseHeader(headerText)
  const header = { file, parsed, problems: inFile(parsed.problems, file) }
  return { header, endsInside: headerText.length < decoded.text.length }
}

function inFile(problems: readonly Problem[], file: string): Problem[] {
  return problems.map(problem => ({ ...problem, file }))
}
