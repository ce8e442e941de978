import { BackslashCommandError, UnclosedError } from '../errors/script-errors.ts'
import { type CopyData, copiesFromStdin, readCopyData } from './copy-data.ts'
import { type LexerOptions, nextToken, type Token } from './lexer.ts'

/** One SQL statement of a script, without its semicolon and without the space and comments around it. */
export interface Statement {
  readonly text: string
  /** Where `text` stands in the script, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** Its first eight unquoted words outside parentheses, in upper case: its keywords, and names among them. */
  readonly words: readonly string[]
  readonly copyData?: CopyData
}

/** What has been read of a statement; changed in place, because a script may have millions of tokens. */
interface Draft {
  start?: number
  end: number
  readonly words: string[]
  /** The offsets of the parentheses that are open. */
  readonly parentheses: number[]
  /** The offsets of BEGIN ATOMIC, and of CASE within it, that wait for their END. */
  readonly blocks: number[]
}

const REMEMBERED_WORDS = 8

/**
 * Cuts a script into its statements as psql does: at semicolons outside quotes, comments, parentheses and
 * BEGIN ATOMIC bodies. Empty statements are left out; the last one needs no semicolon. Each `text` is a slice
 * of the script, so that the statements and the gaps between them join back to it exactly.
 * Takes the script with its includes and variables expanded.
 * Throws `UnclosedError`, `BackslashCommandError` or `TextAfterCopyError` for the first thing that is wrong.
 */
export function splitStatements(script: string, options: LexerOptions = {}): readonly Statement[] {
  const statements: Statement[] = []
  for (let offset = 0; offset < script.length; ) {
    const { statement, next } = readStatement(script, offset, options)
    if (statement) statements.push(statement)
    offset = next
  }
  return statements
}

interface Reading {
  /** Absent when only space and comments were left. */
  readonly statement?: Statement
  /** Where to read on. */
  readonly next: number
}

function readStatement(script: string, from: number, options: LexerOptions): Reading {
  const draft: Draft = { end: from, words: [], parentheses: [], blocks: [] }
  for (let offset = from; offset < script.length; ) {
    const token = nextToken(script, offset, options)
    if (endsStatement(token, draft)) return finish(draft, script, token.end)
    extend(draft, token, script)
    offset = token.end
  }
  refuseOpenEnd(draft)
  return finish(draft, script, script.length)
}

function endsStatement(token: Token, draft: Draft): boolean {
  return token.kind === 'semicolon' && draft.parentheses.length === 0 && draft.blocks.length === 0
}

function extend(draft: Draft, token: Token, script: string): void {
  if (token.kind === 'space' || token.kind === 'comment') return
  const text = script.slice(token.start, token.end)
  if (token.kind === 'command') throw new BackslashCommandError(commandName(text), token.start)
  draft.start ??= token.start
  draft.end = token.end
  if (token.kind === 'open') draft.parentheses.push(token.start)
  if (token.kind === 'close') draft.parentheses.pop()
  if (token.kind === 'word' && draft.parentheses.length === 0)
    extendWords(draft, upperCase(text), token.start)
}

// psql's own heuristic (psqlscan.l): only a body of CREATE FUNCTION or PROCEDURE can hold BEGIN … END.
function extendWords(draft: Draft, word: string, offset: number): void {
  if (draft.words.length < REMEMBERED_WORDS) draft.words.push(word)
  if (!createsRoutine(draft.words)) return
  if (word === 'BEGIN' || (word === 'CASE' && draft.blocks.length > 0)) draft.blocks.push(offset)
  if (word === 'END') draft.blocks.pop()
}

function createsRoutine(words: readonly string[]): boolean {
  const [first, second, third, fourth] = words
  const object = second === 'OR' && third === 'REPLACE' ? fourth : second
  return first === 'CREATE' && (object === 'FUNCTION' || object === 'PROCEDURE')
}

function refuseOpenEnd({ parentheses: [parenthesis], blocks: [block] }: Draft): void {
  if (parenthesis !== undefined) throw new UnclosedError('UNCLOSED_PARENTHESIS', parenthesis)
  if (block !== undefined) throw new UnclosedError('UNCLOSED_BODY', block)
}

function finish({ start, end, words }: Draft, script: string, next: number): Reading {
  if (start === undefined) return { next }
  const statement = { text: script.slice(start, end), start, end, words }
  if (!copiesFromStdin(words)) return { statement, next }
  const copyData = readCopyData(script, start, next)
  return { statement: { ...statement, copyData }, next: copyData.next }
}

function commandName(command: string): string {
  return command.match(/^\\(?:[;:\\]|[^ \t\n\r\f\v\\]*)/)?.[0] ?? command
}

// PostgreSQL folds only ASCII letters in keywords; toUpperCase would turn ı into I and ſ into S.
function upperCase(word: string): string {
  return word.replace(/[a-z]+/g, letters => letters.toUpperCase())
}
