import { readFileSync } from 'node:fs'
import { RevisionFilesError } from '../errors/revision-errors.ts'
import { decodeText } from './decode.ts'
import { entryOf, formatParents, parseHeader } from './header.ts'
import type { RevisionId } from './revision.ts'
import { unreadableFile } from './unreadable-file.ts'
import { type FileContent, replaceFiles } from './write-files.ts'

/** The parents that an up file shall name from now on. */
export interface NewParents {
  readonly file: string
  readonly parents: readonly RevisionId[]
}

/**
 * Changes the `parents` line in the headers of several up files and leaves every other byte of them as it was.
 * All files are read and checked before the first is written.
 * Throws `RevisionFilesError` with what is wrong with any of them, `FilesNotWrittenError`.
 */
export function rewriteParents(changes: readonly NewParents[]): void {
  const rewrites = changes.map(rewrite)
  const problems = rewrites.flatMap(result => ('problems' in result ? result.problems : []))
  if (problems.length > 0) throw new RevisionFilesError(problems)
  replaceFiles(rewrites.flatMap(result => ('content' in result ? [result.content] : [])))
}

/** `text` with other parents in its header; undefined when its header has no such line. */
export function replaceParents(text: string, parents: readonly RevisionId[]): string | undefined {
  const entry = entryOf(parseHeader(text).entries, 'parents')
  return entry && text.slice(0, entry.start) + formatParents(parents) + text.slice(entry.end)
}

function rewrite({ file, parents }: NewParents): Rewrite {
  const decoded = readText(file)
  if ('problems' in decoded) return { problems: decoded.problems.map(problem => ({ ...problem, file })) }
  const text = replaceParents(decoded.text, parents)
  if (text === undefined) return { problems: [{ ...NO_PARENTS_LINE, file }] }
  return { content: { path: file, text: decoded.byteOrderMark + text } }
}

type Rewrite = { readonly content: FileContent } | { readonly problems: RevisionFilesError['problems'] }

const NO_PARENTS_LINE = { code: 'MISSING_KEY', message: 'The header has no line "-- parents: …".', line: 1 }

function readText(file: string): ReturnType<typeof decodeText> {
  try {
    return decodeText(readFileSync(file))
  } catch (error) {
    return { problems: [unreadableFile(file, error)] }
  }
}
