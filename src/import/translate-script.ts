import { ScriptError } from '../errors/script-errors.ts'
import type { TransactionMode } from '../revision/revision.ts'
import { readCommand } from '../script/command.ts'
import { type ReadInclude, withIncludes } from '../script/include.ts'
import type { Token } from '../script/lexer.ts'
import { lineAndColumn } from '../script/position.ts'
import { transactionControl } from '../script/transaction-control.ts'
import { applyEdits, type Edit, removal } from './edits.ts'
import type { Finding } from './finding.ts'
import { readPlaceholder } from './placeholders.ts'
import type { SourceScript } from './source-history.ts'
import { readWritten, type WrittenStatement } from './written-statements.ts'

/** A script as a revision holds it. */
export interface TranslatedScript {
  readonly text: string
  readonly transaction: TransactionMode
  readonly findings: readonly Finding[]
}

export interface TranslationOptions {
  /** psql runs the script for the other tool. */
  readonly isPsql: boolean
  /** Reads files whole: there is no gap in what is written anew. */
  readonly readInclude: ReadInclude
}

/**
 * Makes a script of another tool one of sqlbraid: the same statements in the same order, without the transaction that it
 * opens and ends itself, its placeholders as variables, its includes in their places. What cannot be
 * translated stays as it is, and is found. Never throws for what the script says.
 */
export function translateScript(script: SourceScript, options: TranslationOptions): TranslatedScript {
  const { file } = script
  const { text } = options.isPsql ? withIncludes({ file, text: script.text }, options.readInclude) : script
  const findings: Finding[] = []
  const note: Note = (severity, code, message, offset) => {
    const { line, column } = lineAndColumn(text, offset)
    const place = script.line !== undefined && { line: script.line + line - 1, column }
    findings.push({ severity, code, message, file, ...place })
  }
  const edits: Edit[] = []
  const statements = orNote(note, () =>
    readWritten(text, token => editToken({ text, token, script, options, edits, note })),
  )
  const commits = cutTransactions({ text, statements, isUndone: script.isUndone ?? false }, edits, note)
  const isOutside =
    script.transaction === 'off' || commits === 'one by one' || statements.some(refusesTransaction)
  return { text: applyEdits(text, edits), transaction: isOutside ? 'off' : 'on', findings }
}

type Note = (severity: Finding['severity'], code: string, message: string, offset: number) => void

interface TokenContext {
  readonly text: string
  readonly token: Token
  readonly script: SourceScript
  readonly options: TranslationOptions
  readonly edits: Edit[]
  readonly note: Note
}

/** Gives the offset to read on from where a token became something else. */
function editToken({ text, token, script, options, edits, note }: TokenContext): number | undefined {
  const { kind, start } = token
  if (kind === 'command') editCommand(text, token, edits, note)
  if (kind === 'variable' && !options.isPsql) {
    edits.push({ start, end: start, text: '\\' })
    return start + 1
  }
  const placeholder = script.hasPlaceholders ? readPlaceholder(text, token) : undefined
  if (placeholder === undefined) return undefined
  if ('edit' in placeholder) {
    edits.push(placeholder.edit)
    return placeholder.edit.end
  }
  note('loss', 'UNTRANSLATED_PLACEHOLDER', PLACEHOLDER_STAYS, placeholder.untranslatable)
  return undefined
}

const PLACEHOLDER_STAYS =
  'psql has no variables within a word or a string; write the value out, or use :name.'

const USABLE = /^\\(?:set|unset|if|elif|else|endif|echo|[;:])$/
/** pg_dump's guard against commands in the names of its objects; there are none here. */
const RESTRICTION = /^\\(?:un)?restrict$/

function editCommand(text: string, { start, end }: Token, edits: Edit[], note: Note): void {
  const { name } = readCommand(text.slice(start, end))
  if (RESTRICTION.test(name)) edits.push(removal(text, start, end))
  else if (/^\\i/.test(name) && name !== '\\if')
    note('loss', 'UNTRANSLATED_INCLUDE', 'The file that is included here was not found.', start)
  else if (!USABLE.test(name))
    note('loss', 'BACKSLASH_COMMAND', `The backslash command ${name} cannot be used in a revision.`, start)
}

/** Takes BEGIN and COMMIT away; tells whether statements commit one by one then, as they did before. */
function cutTransactions(
  { text, statements, isUndone }: Scanned,
  edits: Edit[],
  note: Note,
): 'one' | 'one by one' {
  const controls = statements.filter(statement => transactionControl(statement) !== undefined)
  const [opening, closing] = controls
  if (opening === undefined) return 'one'
  const kinds = controls.map(statement => transactionControl(statement) ?? '')
  const isWrapped = controls.length === 2 && opening === statements[0] && closing === statements.at(-1)
  const isTrial = isWrapped && isUndone && UNDOING.test(kinds[1] ?? '')
  if (!isTrial && !kinds.every(kind => OPENING.test(kind) || COMMITTING.test(kind))) {
    note('loss', 'TRANSACTION_CONTROL', UNCLEAR, opening.start)
    return 'one'
  }
  for (const { start, end } of controls) edits.push(removal(text, start, end))
  if (isWrapped) return 'one'
  note('remark', 'SEVERAL_TRANSACTIONS', ONE_BY_ONE, opening.start)
  return 'one by one'
}

interface Scanned {
  readonly text: string
  readonly statements: readonly WrittenStatement[]
  readonly isUndone: boolean
}

const OPENING = /^(?:BEGIN|START TRANSACTION)$/
const COMMITTING = /^(?:COMMIT|END)$/
const UNDOING = /^(?:ROLLBACK|ABORT)$/
const UNCLEAR = 'A revision is one transaction, and this script ends or undoes one in another way.'
const ONE_BY_ONE =
  'The script has several transactions, or statements outside of one: its statements commit one by one.'

/** Whether PostgreSQL runs a statement only outside a transaction; other tools see it, or leave it to their users. */
function refusesTransaction({ words }: WrittenStatement): boolean {
  const [first = '', second = '', third] = words
  if (words.includes('CONCURRENTLY')) return first !== 'REFRESH'
  if (first === 'VACUUM') return true
  if (first === 'ALTER') return second === 'SYSTEM'
  return /^(?:CREATE|DROP)$/.test(first) && /^(?:DATABASE|TABLESPACE)$/.test(second) && third !== undefined
}

function orNote(note: Note, read: () => readonly WrittenStatement[]): readonly WrittenStatement[] {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    note('fault', String(error.code), error.message, error.offset)
    return []
  }
}
