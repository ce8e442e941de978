import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { RevisionFilesError } from '../errors/revision-errors.ts'
import { decodeText } from './decode.ts'
import { type Header, parseHeader } from './header.ts'
import type { TransactionMode } from './revision.ts'
import { unreadableFile } from './unreadable-file.ts'

/** One part of a revision, read whole, as it is written. */
export interface Script {
  readonly file: string
  /** All of it, header included, without a byte order mark, line ends as they are. */
  readonly text: string
  /** Offset in `text` of the first line that is not of the header. */
  readonly bodyStart: number
  readonly header: Header
  readonly transaction: TransactionMode
}

/**
 * Reads a script from its file.
 * Throws `RevisionFilesError` with every problem of the file when it cannot be read, is not UTF-8, holds a NUL byte
 * or has a faulty header.
 */
export function readScript(file: string): Script {
  const decoded = decodeText(readBytes(file))
  if ('text' in decoded) return parseScript(decoded.text, file)
  throw brokenFile(file, decoded.problems)
}

/**
 * Reads a script from text that was kept elsewhere than in a file; `file` is the name that errors show.
 * Throws `RevisionFilesError` when its header is faulty.
 */
export function parseScript(text: string, file: string): Script {
  const { header, problems, bodyStart } = parseHeader(text)
  if (problems.length > 0) throw brokenFile(file, problems)
  return { file, text, bodyStart, header, transaction: header.transaction ?? 'on' }
}

/**
 * The checksum of a script's body (the text from `bodyStart` on, included files expanded): SHA-256 in lower-case hex
 * over its UTF-8, with CRLF as LF and without the white space at its end. docs/format.md promises it.
 */
export function checksumOf(body: string): string {
  return createHash('sha256').update(body.replaceAll('\r\n', '\n').trimEnd(), 'utf8').digest('hex')
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new RevisionFilesError([unreadableFile(file, error)])
  }
}

function brokenFile(
  file: string,
  problems: readonly { code: string; message: string }[],
): RevisionFilesError {
  return new RevisionFilesError(problems.map(problem => ({ ...problem, file })))
}
