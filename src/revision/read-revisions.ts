import { quoted } from '../errors/revision-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import { findRevisionFiles } from './directory.ts'
import { entryOf, type Header } from './header.ts'
import type { HeaderKey } from './header-keys.ts'
import { type FileHeader, readHeader, type ScriptListener } from './read-header.ts'
import type { Revision, RevisionId, RevisionParts } from './revision.ts'

export interface ReadOptions {
  /** Whose headers are read: `up` spares half of the work where only the graph is wanted. Default: `all`. */
  readonly headers?: 'all' | 'up'
  /** Told of each file that was read to its end with its header, for whoever would read it again. */
  readonly onScript?: ScriptListener
}

/** A place to point at, 1-based. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What lies in the version folders. */
export interface RevisionReading {
  /** Every revision whose id could be read, in the order of their files; of two with one id the first. */
  readonly revisions: ReadonlyMap<RevisionId, Revision>
  /** Everything that is wrong with the files themselves. What is wrong between revisions, the graph finds. */
  readonly problems: readonly Problem[]
  /**
   * Where the revision's up file says `key`, or else where it says its id; undefined for an id that was not read.
   * Looks into the file again: places are wanted only where something is wrong.
   */
  placeOf(revision: RevisionId, key: HeaderKey): Place | undefined
}

/**
 * Reads all revisions in `folders` (see `findRevisionFiles`), their headers only, and never throws for what lies
 * there. An empty folder is not a problem.
 */
export function readRevisions(folders: readonly string[], options: ReadOptions = {}): RevisionReading {
  const found = findRevisionFiles(folders)
  const problems = [...found.problems]
  const revisions = new Map<RevisionId, Revision>()
  for (const parts of found.revisions) {
    const up = readHeader(parts.up, options.onScript)
    for (const problem of up.problems) problems.push(problem)
    for (const problem of findMissingKeys(up, REQUIRED_KEYS.up)) problems.push(problem)
    if (options.headers !== 'up')
      problems.push(...findPartProblems(parts, up.parsed?.header.revision, options.onScript))
    const revision = revisionFrom(up.parsed?.header, parts)
    if (!revision) continue
    const earlier = revisions.get(revision.id)
    if (earlier) problems.push(duplicateId(revision.id, up, earlier.parts.up))
    else revisions.set(revision.id, revision)
  }
  const placeOf = (id: RevisionId, key: HeaderKey) => {
    const revision = revisions.get(id)
    return revision && placeIn(readHeader(revision.parts.up), key)
  }
  return { revisions, problems, placeOf }
}

const NO_PROBLEMS: readonly Problem[] = []
const REQUIRED_KEYS = { up: ['revision', 'parents'], others: ['revision'] } as const

function revisionFrom(header: Header | undefined, parts: RevisionParts): Revision | undefined {
  if (!header?.revision) return undefined
  const { revision: id, parents = [], labels, depends, message, created, replaces } = header
  const revision = { id, parents, labels, depends, message, created, replaces, parts }
  const { author, irreversible, destructive } = header
  if (!author && !irreversible && !destructive) return revision
  return {
    ...revision,
    ...(author && { author }),
    ...(irreversible && { irreversible }),
    ...(destructive && { destructive }),
  }
}

function findMissingKeys(header: FileHeader, keys: readonly ('revision' | 'parents')[]): readonly Problem[] {
  const { parsed, file } = header
  if (!parsed || keys.every(key => parsed.header[key])) return NO_PROBLEMS
  if (parsed.entries.length === 0) return [missingHeader(file)]
  const missing = keys.filter(key => !entryOf(parsed.entries, key))
  return missing.map(key => missingKey(file, key))
}

/**
 * What is wrong with the headers of a revision's down and verify files, which `headers: 'up'` has left unread; they are read
 * as `readHeader` does.
 */
export function findPartProblems(
  { up, down, verify }: RevisionParts,
  revision: RevisionId | undefined,
  onScript?: ScriptListener,
): Problem[] {
  const files = [down, verify].filter(file => file !== undefined)
  const others = files.map(file => readHeader(file, onScript))
  return others.flatMap(part => [
    ...part.problems,
    ...findMissingKeys(part, REQUIRED_KEYS.others),
    ...findOtherRevision(part, revision, up),
  ])
}

function findOtherRevision(part: FileHeader, expected: RevisionId | undefined, upFile: string): Problem[] {
  const said = part.parsed?.header.revision
  if (!said || !expected || said === expected) return []
  const message = `The file says revision ${said}, but ${quoted(upFile)} beside it says ${expected}.`
  return [{ code: 'REVISION_MISMATCH', message, ...placeIn(part, 'revision') }]
}

function placeIn({ file, parsed }: FileHeader, key: HeaderKey): Place {
  const entries = parsed?.entries ?? []
  const { line, column } = entryOf(entries, key) ?? entryOf(entries, 'revision') ?? { line: 1, column: 1 }
  return { file, line, column }
}

function missingHeader(file: string): Problem {
  const message =
    'The file has no header: "-- revision: …" must stand above the first SQL, as a "--" comment.'
  return { code: 'MISSING_HEADER', message, file, line: 1 }
}

function missingKey(file: string, key: HeaderKey): Problem {
  return { code: 'MISSING_KEY', message: `The header has no line "-- ${key}: …".`, file, line: 1 }
}

function duplicateId(id: RevisionId, later: FileHeader, earlierFile: string): Problem {
  const message = `Revision ${id} is also in ${quoted(earlierFile)}; an id names one revision.`
  return { code: 'DUPLICATE_ID', message, ...placeIn(later, 'revision') }
}
