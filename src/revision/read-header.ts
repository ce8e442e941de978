import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import type { Problem } from '../errors/sqlbraid-error.ts'
import { type DecodedText, decodeText, detached, mayNeedCare, type Undecodable } from './decode.ts'
import { type ParsedHeader, parseHeader } from './header.ts'
import { findBodyStart } from './header-entries.ts'
import { type Script, scriptWith } from './script.ts'
import { unreadableFile } from './unreadable-file.ts'

/** What reading a file's header gave: nothing but problems where the file is not text at all. */
export interface FileHeader {
  readonly file: string
  readonly parsed?: ParsedHeader
  /** All of the file's problems, those of the header included. */
  readonly problems: readonly Problem[]
}

/** Told of a script that was read as a whole. */
export type ScriptListener = (script: Script) => void

/**
 * Reads the header at the start of `file`: of a longer file only the first 64 KiB, unless the header goes on behind
 * them. The rest is checked when the script is read in order to be run. `onScript` is told of a shorter file without
 * problems.
 */
export function readHeader(file: string, onScript?: ScriptListener): FileHeader {
  try {
    const length = readBeginning(file)
    if (length < CHUNK_SIZE) return headerIn(textOf(length), file, onScript).header
    const beginning = headerIn(textOf(chunk.lastIndexOf(LINE_FEED) + 1), file) // whole lines: no character cut in two
    return beginning.endsInside ? beginning.header : headerIn(decodeText(readFileSync(file)), file).header
  } catch (error) {
    return { file, problems: [unreadableFile(file, error)] }
  }
}

const CHUNK_SIZE = 64 * 1024
const LINE_FEED = 0x0a

/** Shared by all reads, which is safe because they are synchronous and nothing keeps a view of it. */
const chunk = Buffer.allocUnsafeSlow(CHUNK_SIZE)

/** Fills the chunk and gives how much there was. */
function readBeginning(file: string): number {
  const descriptor = openSync(file, 'r')
  try {
    return readSync(descriptor, chunk, 0, CHUNK_SIZE, 0)
  } finally {
    closeSync(descriptor)
  }
}

/** What could be wrong leaves its trace in the text; only then the bytes are looked at. */
function textOf(length: number): DecodedText | Undecodable {
  const text = chunk.toString('utf8', 0, length)
  return mayNeedCare(text) ? decodeText(chunk.subarray(0, length)) : { text, byteOrderMark: '' }
}

function headerIn(
  decoded: DecodedText | Undecodable,
  file: string,
  onScript?: ScriptListener,
): { readonly header: FileHeader; readonly endsInside: boolean } {
  if ('problems' in decoded)
    return { header: { file, problems: inFile(decoded.problems, file) }, endsInside: true }
  const { text } = decoded
  const parsed = parseHeader(text.length > LONGEST_KEPT ? detached(text.slice(0, findBodyStart(text))) : text)
  const header = { file, parsed, problems: inFile(parsed.problems, file) }
  if (parsed.problems.length === 0) onScript?.(scriptWith(parsed, text, file))
  return { header, endsInside: parsed.bodyStart < text.length }
}

/** What is cut out of a text keeps all of it in memory: of a short one that costs less than a copy. */
const LONGEST_KEPT = 1024

function inFile(problems: readonly Problem[], file: string): readonly Problem[] {
  return problems.length === 0 ? problems : problems.map(problem => ({ ...problem, file }))
}
