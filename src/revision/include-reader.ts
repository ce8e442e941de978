import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { quoted } from '../errors/revision-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import type { GappedText } from '../script/gaps.ts'
import { readText } from './read-text.ts'
import { systemCodeOf } from './unreadable-file.ts'

/** A file that a script includes, as it was read, or why it could not be. */
export type IncludedFile =
  | (GappedText & { readonly file: string })
  | { readonly problems: readonly Problem[] }

/** Where an include looks: below `root`, or beside the file that includes. */
export interface IncludeFolders {
  readonly root: string
  /** Folders outside the root that may be included from, too: those that the settings name. */
  readonly others: readonly string[]
}

/**
 * Gives a reader for included files, which reads nothing outside of `folders`, links followed. A file is called by its real
 * path, as it is seen from the working folder if the file that includes it is. Each file is read once.
 */
export function includeReader({ root, others }: IncludeFolders, readFile: typeof readText = readText) {
  const read = new Map<string, IncludedFile>()
  const folders = [root, ...others].flatMap(folder => realPath(folder) ?? [])
  return (include: { path: string; start: 'root' | 'including file'; from: string }): IncludedFile => {
    const { path, start, from } = include
    const wanted = resolve(start === 'root' ? root : dirname(from), path)
    const real = realPath(wanted)
    if (real === undefined) return refusal('INCLUDE_MISSING', `There is no file ${quoted(path)} to include.`)
    if (!folders.some(folder => real.startsWith(join(folder, sep))))
      return refusal('INCLUDE_OUTSIDE', outside(path))
    const file = isAbsolute(from) ? real : relative('', real)
    const known = read.get(file) ?? readIncluded(file, readFile)
    read.set(file, known)
    return known
  }
}

function readIncluded(file: string, readFile: typeof readText): IncludedFile {
  try {
    const read = readFile(file)
    if ('problems' in read) return { problems: read.problems.map(problem => ({ ...problem, file })) }
    const { byteOrderMark, ...text } = read
    return { file, ...text }
  } catch (error) {
    const reason = `The file ${quoted(file)} to include cannot be read (${systemCodeOf(error)}).`
    return refusal('INCLUDE_UNREADABLE', reason)
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function refusal(code: string, message: string): IncludedFile {
  return { problems: [{ code, message }] }
}

function outside(path: string): string {
  return `The file ${quoted(path)} is outside the project, and nothing is included from there.`
}
