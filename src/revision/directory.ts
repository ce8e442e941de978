import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, normalize, sep } from 'node:path'
import { globSync } from 'glob'
import { quoted } from '../errors/revision-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import type { RevisionParts } from './revision.ts'
import { systemCodeOf, unreadableFile } from './unreadable-file.ts'

/** The files found in the version folders, tied together, in the order of their paths. */
export interface FoundFiles {
  readonly revisions: readonly RevisionParts[]
  readonly problems: readonly Problem[]
}

/**
 * Finds the revision files in `folders`, at any depth, and ties each revision's parts together by folder and stem;
 * nothing else is read from a name. A folder that is not there under its literal name may be a pattern that stands
 * for several (`teams/*`). Hidden files, hidden folders and `node_modules` are passed over, links are followed, and
 * a folder that is reached on two ways is read once. What has the name of a revision file is taken for one: asking
 * the system for the kind of thousands of files takes its time, and whoever reads it will know.
 */
export function findRevisionFiles(folders: readonly string[]): FoundFiles {
  const problems: Problem[] = []
  for (const folder of folders) if (expandFolders([folder]).length === 0) problems.push(noSuchFolder(folder))
  const revisions: RevisionParts[] = []
  for (const parts of partsUnder(expandFolders(folders), problems)) {
    if (hasUp(parts)) revisions.push(parts)
    else problems.push(...withoutUp('down', parts.down), ...withoutUp('verify', parts.verify))
  }
  return { revisions: inOrder(revisions), problems }
}

/** The folders that `folders`, patterns among them, stand for; of one that is not there, none. */
export function expandFolders(folders: readonly string[]): string[] {
  return folders
    .map(normalize)
    .flatMap(folder => (existsSync(folder) ? [folder] : globSync(`${folder}/`).map(normalize).sort()))
}

/** The part of a revision that a file of this name is, and its stem; undefined when it is none. */
export function readFileName(name: string): { readonly stem: string; readonly part: Part } | undefined {
  const comparable = comparableStem(name)
  const stemEnd = comparable.lastIndexOf('.', comparable.length - SUFFIX.length - 1)
  const part = stemEnd > 0 ? PART_BY_ENDING.get(comparable.slice(stemEnd)) : undefined
  return part && { stem: comparable.slice(0, stemEnd), part }
}

/** Stems that some file systems cannot tell apart (by letter case, by Unicode's composition) count as one. */
export function comparableStem(stem: string): string {
  return (IS_ASCII.test(stem) ? stem : stem.normalize('NFC')).toLowerCase()
}

type Part = keyof RevisionParts

type FoundParts = Partial<Record<Part, string>>

const SUFFIX = '.sql'
const PART_BY_ENDING: ReadonlyMap<string, Part> = new Map([
  ['.up.sql', 'up'],
  ['.down.sql', 'down'],
  ['.verify.sql', 'verify'],
])
const IS_ASCII = /^[\0-\x7f]*$/

/** What was found of each revision. Grows its own list of folders while it walks it, instead of recursing. */
function partsUnder(folders: readonly string[], problems: Problem[]): readonly FoundParts[] {
  const found: FoundParts[] = []
  const pending = [...folders]
  const read = new Set<string>()
  for (const folder of pending) {
    const inFolder = join(folder, sep)
    const { tied, others } = tieByStem(inFolder, readFolder(folder, read, problems), problems)
    for (const parts of tied) found.push(parts)
    pending.push(
      ...others
        .filter(name => name !== 'node_modules')
        .map(name => inFolder + name)
        .filter(isFolder),
    )
  }
  return found
}

function readFolder(folder: string, read: Set<string>, problems: Problem[]): string[] {
  try {
    const realPath = realpathSync(folder)
    if (read.has(realPath)) return []
    read.add(realPath)
    return readdirSync(folder)
      .filter(name => !name.startsWith('.'))
      .sort()
  } catch (error) {
    problems.push(systemCodeOf(error) === 'ENOTDIR' ? noSuchFolder(folder) : unreadableFile(folder, error))
    return []
  }
}

/** The parts that lie in one folder, each revision's together, and the names that are none. */
function tieByStem(
  folder: string,
  names: readonly string[],
  problems: Problem[],
): { readonly tied: Iterable<FoundParts>; readonly others: readonly string[] } {
  const tied = new Map<string, FoundParts>()
  const others: string[] = []
  for (const name of names) {
    const found = readFileName(name)
    if (!found) {
      others.push(name)
      continue
    }
    const parts = tied.get(found.stem) ?? newIn(tied, found.stem)
    const earlier = parts[found.part]
    if (earlier === undefined) parts[found.part] = folder + name
    else problems.push(sameStem(folder + name, earlier))
  }
  return { tied: tied.values(), others }
}

function newIn(tied: Map<string, FoundParts>, stem: string): FoundParts {
  const parts: FoundParts = {}
  tied.set(stem, parts)
  return parts
}

/** Whether the path is a folder, or a link leads from it to one. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false // such as a link that leads nowhere
  }
}

function hasUp(parts: FoundParts): parts is RevisionParts {
  return parts.up !== undefined
}

/** By the paths of their up files. */
function inOrder(revisions: RevisionParts[]): readonly RevisionParts[] {
  return revisions.sort((one, other) => (one.up < other.up ? -1 : 1))
}

function noSuchFolder(folder: string): Problem {
  return { code: 'NO_SUCH_FOLDER', message: 'There is no such folder of revisions.', file: folder }
}

function withoutUp(part: 'down' | 'verify', file: string | undefined): Problem[] {
  if (file === undefined) return []
  const code = part === 'down' ? 'DOWN_WITHOUT_UP' : 'VERIFY_WITHOUT_UP'
  return [{ code, message: `There is no .up.sql file beside this .${part}.sql file.`, file }]
}

function sameStem(file: string, earlier: string): Problem {
  const message = `Its stem is that of ${quoted(earlier)}: on some systems both would be one file.`
  return { code: 'DUPLICATE_STEM', message, file }
}
