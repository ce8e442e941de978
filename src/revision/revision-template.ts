import { existsSync, readFileSync } from 'node:fs'
import { UnreadableTemplateError } from '../errors/revision-errors.ts'
import { decodeText } from './decode.ts'
import { formatHeader, formatParents, type Header } from './header.ts'
import { oneLine } from './one-line.ts'
import { unreadableFile } from './unreadable-file.ts'

/** The header of a new revision: it must say what every revision says. */
export type NewHeader = Partial<Header> &
  Required<Pick<Header, 'revision' | 'parents' | 'message' | 'created'>>

/** What a script is made from, with placeholders still in it. */
export interface ScriptTemplate {
  readonly text: string
  /** What `{body}` stands for when there is no SQL yet. */
  readonly invitation: string
}

/**
 * The templates of up and down scripts. `file` is the user's own for up scripts; where it ends in `.up.sql` and a
 * `.down.sql` lies beside it, that one is for down scripts.
 * Throws `UnreadableTemplateError`.
 */
export function readTemplates(
  file: string | undefined,
  { isMerge }: { readonly isMerge: boolean },
): { readonly up: ScriptTemplate; readonly down: ScriptTemplate } {
  const downFile = file?.replace(/\.up\.sql$/, '.down.sql')
  const hasDown = downFile !== undefined && downFile !== file && existsSync(downFile)
  return {
    up: { text: file ? readTemplate(file) : BARE, invitation: isMerge ? MERGE_UP : UP },
    down: { text: hasDown ? readTemplate(downFile) : BARE, invitation: isMerge ? MERGE_DOWN : DOWN },
  }
}

/**
 * Makes a script: `{header}` becomes `header` and goes to the top where the template does not place it, `{body}`
 * becomes `body` and goes to the end. `{revision}`, `{parents}`, `{message}` and `{created}` are those of
 * `revision`. Anything else between braces is left alone, for SQL has braces too.
 */
export function fillTemplate(
  template: ScriptTemplate,
  header: Partial<Header>,
  revision: NewHeader,
  body: string | undefined,
): string {
  const values = new Map([
    ['header', formatHeader(header).trimEnd()],
    ['body', body?.trimEnd() ?? template.invitation],
    ['revision', revision.revision],
    ['parents', formatParents(revision.parents)],
    ['message', oneLine(revision.message)],
    ['created', revision.created],
  ])
  const text = placeHeaderAndBody(template.text, body !== undefined)
  return `${text.replace(/\{(\w+)\}/g, (placeholder, name) => values.get(name) ?? placeholder).trimEnd()}\n`
}

const BARE = '{header}\n\n{body}\n'
const UP = '-- Write here the SQL that makes the change.'
const DOWN = `-- Write here the SQL that undoes what the up script does. Where nothing can undo it, delete this file and
-- say why in the header of the up script, behind the key irreversible.`
const MERGE_UP = '-- A merge joins its parents; it needs SQL only where they must be reconciled.'
const MERGE_DOWN = '-- Undo here what the up script reconciles, if it does.'

function placeHeaderAndBody(text: string, hasBody: boolean): string {
  const withHeader = text.includes('{header}') ? text : `{header}\n\n${text}`
  return !hasBody || withHeader.includes('{body}') ? withHeader : `${withHeader.trimEnd()}\n\n{body}`
}

function readTemplate(file: string): string {
  const decoded = decodeText(readBytes(file))
  if ('text' in decoded) return decoded.text
  throw new UnreadableTemplateError(file, decoded.problems.map(problem => problem.message).join(' '))
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new UnreadableTemplateError(file, unreadableFile(file, error).message, { cause: error })
  }
}
