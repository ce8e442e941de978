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
  const files = filesUnder(expandFolders(folders), problems)
  const revisions: RevisionParts[] = []
  for (const { up, down, verify } of tieByStem(files, problems)) {
    if (up) revisions.push({ up, ...(down && { down }), ...(verify && { verify }) })
    else problems.push(...withoutUp('down', down), ...withoutUp('verify', verify))
  }
  return { revisions, problems }
}

/** The folders that `folders`, patterns among them, stand for; of one that is not there, none. */
export function expandFolders(folders: readonly string[]): string[] {
  return folders
    .map(normalize)
    .flatMap(folder => (existsSync(folder) ? [folder] : globSync(`${folder}/`).map(normalize).sort()))
}

/** The part of a revision that a file of this name is, and its stem; undefined when it is none. */
export function readFileName(name: string): { readonly stem: string; readonly part: Part } | undefined {
  const [, stem, part] = PART.exec(name) ?? []
  return stem && part ? { stem: comparableStem(stem), part: part.toLowerCase() as Part } : undefined
}

/** Stems that some file systems cannot tell apart (by letter case, by Unicode's composition) count as one. */
export function comparableStem(stem: string): string {
  return stem.normalize('NFC').toLowerCase()
}

type Part = keyof RevisionParts

type FoundParts = Partial<Record<Part, string>>

interface FoundFile {
  /** With the separator at its end. */
  readonly folder: string
  readonly name: string
  readonly path: string
}

const PART = /^(.+)\.(up|down|verify)\.sql$/isu

/** Grows its own list of folders while it walks it, instead of recursing. */
function filesUnder(folders: readonly string[], problems: Problem[]): FoundFile[] {
  const pending = [...folders]
  const read = new Set<string>()
  const files: FoundFile[] = []
  for (const folder of pending) {
    const subfolders: string[] = []
    const inFolder = join(folder, sep)
    for (const entry of readFolder(folder, read, problems)) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const path = inFolder + entry.name
      const target = entry.isSymbolicLink() ? followLink(path) : entry
      if (target?.isDirectory()) subfolders.push(path)
      else if (!target || target.isFile()) files.push({ folder: inFolder, name: entry.name, path })
    }
    pending.push(...subfolders.sort())
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
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

function tieByStem(files: readonly FoundFile[], problems: Problem[]): Iterable<FoundParts> {
  const tied = new Map<string, FoundParts>()
  for (const { folder, name, path } of files) {
    const { stem, part } = readFileName(name) ?? {}
    if (!stem || !part) continue
    const key = folder + stem
    const parts = tied.get(key) ?? {}
    const earlier = parts[part]
    if (earlier) problems.push(sameStem(path, earlier))
    else parts[part] = path
    tied.set(key, parts)
  }
  return tied.values()
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
