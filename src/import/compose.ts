import { join } from 'node:path'
import { formatStem } from '../revision/file-name.ts'
import { formatHeader, parseHeader } from '../revision/header.ts'
import type { RevisionParts } from '../revision/revision.ts'
import type { FileContent } from '../revision/write-files.ts'
import type { ImportedRevision, ImportedScript } from './translate-history.ts'

/** Where the files of imported revisions go, and how they are called. */
export interface Destination {
  readonly folder: string
  readonly fileTemplate: string
}

/** The files of an imported revision, the up file last, so that it is complete from the moment it exists. */
export interface ComposedImport {
  readonly parts: RevisionParts
  readonly files: readonly FileContent[]
}

/** Makes the text of a revision's files, and writes nothing. Throws `BadFileTemplateError`. */
export function composeImport(
  revision: ImportedRevision,
  { folder, fileTemplate }: Destination,
): ComposedImport {
  const { id, parents, labels, depends, message, created, author, up, down, verify } = revision
  const stem = join(folder, formatStem(fileTemplate, { revision: id, message, created }))
  const lineage = { parents, labels, depends: depends as readonly string[], message, created }
  const file = (part: keyof RevisionParts, script: ImportedScript, header: object): FileContent => {
    const mode = script.transaction === 'off' && { transaction: script.transaction }
    return {
      path: `${stem}.${part}.sql`,
      text: `${formatHeader({ revision: id, ...header, ...mode })}\n${bodyOf(script)}`,
    }
  }
  const upFile = file('up', up, { ...lineage, ...(author && { author }) })
  const downFile = down && file('down', down, {})
  const verifyFile = verify && file('verify', verify, {})
  return {
    parts: {
      up: upFile.path,
      ...(downFile && { down: downFile.path }),
      ...(verifyFile && { verify: verifyFile.path }),
    },
    files: [downFile, verifyFile, upFile].filter(content => content !== undefined),
  }
}

/** Comments at its top that would be read as a header are kept from it by one that ends the header. */
function bodyOf({ text }: ImportedScript): string {
  const body = `${text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd()}\n`
  const { entries, problems } = parseHeader(body)
  return entries.length > 0 || problems.length > 0 ? `/* comments of the imported script: */\n${body}` : body
}
