import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { BrokenNewRevisionError } from '../errors/revision-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import { formatStem } from './file-name.ts'
import { entryOf, formatHeader, parseHeader } from './header.ts'
import type { RevisionId } from './revision.ts'
import { fillTemplate, type NewHeader, readTemplates } from './revision-template.ts'
import type { FileContent } from './write-files.ts'

/** A revision that is not on the disk yet. */
export interface NewRevision {
  /** Where its files go. */
  readonly folder: string
  /** The template of its files' names, see `formatStem`. */
  readonly fileTemplate: string
  readonly header: NewHeader
  /** The SQL of its parts; without it, the template's, or a comment that invites to write it. */
  readonly up?: string
  readonly down?: string
  /** The user's own file that new scripts are made from, see `readTemplates` and `fillTemplate`. */
  readonly template?: string
}

/** The files of a new revision; one that is irreversible has no down. */
export interface ComposedRevision {
  readonly up: FileContent
  readonly down?: FileContent
}

/** A new random id: 12 lower-case hex digits. */
export function newRevisionId(): RevisionId {
  return randomBytes(6).toString('hex') as RevisionId
}

/** `date` as a header says it: `yyyy-mm-ddThh:mm:ssZ`. */
export function formatInstant(date: Date): string {
  return `${date.toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`
}

/**
 * Makes the text of a new revision's files, and writes nothing.
 * Throws `BrokenNewRevisionError` when they could not be read back (a bad id or label, or what the template holds),
 * `BadFileTemplateError` and `UnreadableTemplateError`.
 */
export function composeRevision(revision: NewRevision): ComposedRevision {
  const { header } = revision
  refuse(parseHeader(formatHeader(header)).problems)
  const stem = join(revision.folder, formatStem(revision.fileTemplate, header))
  const templates = readTemplates(revision.template, { isMerge: header.parents.length > 1 })
  const up = { path: `${stem}.up.sql`, text: fillTemplate(templates.up, header, header, revision.up) }
  refuse(findHeaderProblems(up))
  if (header.irreversible) return { up }
  const { revision: id, transaction } = header
  const downHeader = { revision: id, ...(transaction && { transaction }) }
  const down = {
    path: `${stem}.down.sql`,
    text: fillTemplate(templates.down, downHeader, header, revision.down),
  }
  refuse(findHeaderProblems(down))
  return { up, down }
}

function findHeaderProblems({ text, path }: FileContent): Problem[] {
  const { entries, problems } = parseHeader(text)
  const isLost = !entryOf(entries, 'revision')
  const lost = { code: 'MISSING_HEADER', message: 'The header would not stand above the first SQL.' }
  return [...problems, ...(isLost ? [lost] : [])].map(problem => ({ ...problem, file: path }))
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new BrokenNewRevisionError(problems)
}
