import { RevisionFilesError } from '../errors/revision-errors.ts'
import { parseHeader } from './header.ts'
import { readText } from './read-text.ts'
import { type Script, scriptWith } from './script.ts'
import { unreadableFile } from './unreadable-file.ts'

/**
 * Reads a script from its file.
 * Throws `RevisionFilesError` with every problem of the file when it cannot be read, is not UTF-8, holds a NUL byte
 * or has a faulty header.
 */
export function readScript(file: string): Script {
  const read = readTextOf(file)
  if ('text' in read) return { ...parseScript(read.text, file), ...(read.gaps && { gaps: read.gaps }) }
  throw brokenFile(file, read.problems)
}

/**
 * Reads a script from text that was kept elsewhere than in a file; `file` is the name that errors show.
 * Throws `RevisionFilesError` when its header is faulty.
 */
export function parseScript(text: string, file: string): Script {
  const parsed = parseHeader(text)
  if (parsed.problems.length > 0) throw brokenFile(file, parsed.problems)
  return scriptWith(parsed, text, file)
}

function readTextOf(file: string): ReturnType<typeof readText> {
  try {
    return readText(file)
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
