import { type Dirent, existsSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
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
 * a folder that is reached on two ways is read once.
 */
export function findRevisionFiles(folders: readonly string[]): FoundFiles {
  const problems: Problem[] = []
  for (const folder of folders) if (expandFolders([folder]).length === 0) problems.push(noSuchFolder(folder))
  const revisions: RevisionParts[] = []
  for (const parts of tieByStem(filesUnder(expandFolders(folders), problems), problems)) {
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
  const part = PARTS.find(part => comparable.endsWith(ENDINGS[part]))
  if (!part || comparable.length === ENDINGS[part].length) return undefined
  return { stem: comparable.slice(0, -ENDINGS[part].length), part }
}

/** Stems that some file systems cannot tell apart (by letter case, by Unicode's composition) count as one. */
export function comparableStem(stem: string): string {
  return (IS_ASCII.test(stem) ? stem : stem.normalize('NFC')).toLowerCase()
}

type Part = keyof RevisionParts

type FoundParts = Partial<Record<Part, string>>

const PARTS = ['up', 'down', 'verify'] as const
const ENDINGS: Readonly<Record<Part, string>> = { up: '.up.sql', down: '.down.sql', verify: '.verify.sql' }
const IS_ASCII = /^[\0-\x7f]*$/

/** The files of one folder. */
interface FolderFiles {
  /** With the separator at its end. */
  readonly folder: string
  /** Sorted. */
  readonly names: readonly string[]
}

/** Grows its own list of folders while it walks it, instead of recursing. */
function filesUnder(folders: readonly string[], problems: Problem[]): FolderFiles[] {
  const pending = [...folders]
  const read = new Set<string>()
  const found: FolderFiles[] = []
  for (const folder of pending) {
    const subfolders: string[] = []
    const names: string[] = []
    const inFolder = join(folder, sep)
    for (const entry of readFolder(folder, read, problems)) {
      const { name } = entry
      if (name.startsWith('.') || name === 'node_modules') continue
      const target = entry.isSymbolicLink() ? followLink(inFolder + name) : entry
      if (target?.isDirectory()) subfolders.push(inFolder + name)
      else if (!target || target.isFile()) names.push(name)
    }
    pending.push(...subfolders.sort())
    found.push({ folder: inFolder, names: names.sort() })
  }
  return found
}

function readFolder(folder: string, read: Set<string>, problems: Problem[]): Dirent[] {
  try {
    const realPath = realpathSync(folder)
    if (read.has(realPath)) return []
    read.add(realPath)
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    problems.push(systemCodeOf(error) === 'ENOTDIR' ? noSuchFolder(folder) : unreadableFile(folder, error))
    return []
  }
}

/** A link that leads nowhere is taken for a file, whose reader will say what is wrong with it. */
function followLink(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** Parts that belong together lie in one folder, mostly one behind the other. */
function* tieByStem(found: readonly FolderFiles[], problems: Problem[]): Generator<FoundParts> {
  for (const { folder, names } of found) {
    const tied = new Map<string, FoundParts>()
    for (const name of names) {
      const { stem, part } = readFileName(name) ?? {}
      if (stem === undefined || part === undefined) continue
      const parts = tied.get(stem) ?? newIn(tied, stem)
      const earlier = parts[part]
      if (earlier === undefined) parts[part] = folder + name
      else problems.push(sameStem(folder + name, earlier))
    }
    yield* tied.values()
  }
}

function hasUp(parts: FoundParts): parts is RevisionParts {
  return parts.up !== undefined
}

function newIn(tied: Map<string, FoundParts>, stem: string): FoundParts {
  const parts: FoundParts = {}
  tied.set(stem, parts)
  return parts
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
