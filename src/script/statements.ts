import { BackslashCommandError } from '../errors/script-errors.ts'
import { commandName } from './command.ts'
import { type CopyData, copiesFromStdin, readCopyData } from './copy-data.ts'
import {
  type Draft,
  endsStatement,
  extendDraft,
  newDraft,
  passesOverWords,
  passOver,
  refuseOpenEnd,
} from './draft.ts'
import { afterPlainTokens, afterSpace, type LexerOptions, nextToken } from './lexer.ts'
import { lexerAfter } from './lexer-setting.ts'

/** One SQL statement of a script, without its semicolon and without the space and comments around it. */
export interface Statement {
  readonly text: string
  /** Where `text` stands in the script, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** Its first eight unquoted words outside parentheses, in upper case: its keywords, and names among them. */
  readonly words: readonly string[]
  readonly copyData?: CopyData
  /** How its strings are read, where a statement before it has changed that. */
  readonly lexer?: LexerOptions
}

/**
 * Cuts a script into its statements as psql does: at semicolons outside quotes, comments, parentheses and
 * BEGIN ATOMIC bodies. Empty statements are left out; the last one needs no semicolon. Each `text` is a slice
 * of the script, so that the statements and the gaps between them join back to it exactly.
 * Takes the script with its includes and variables expanded, and how the session reads strings when it begins.
 * Throws `UnclosedError`, `BackslashCommandError` or `TextAfterCopyError` for the first thing that is wrong.
 */
export function splitStatements(script: string, options: LexerOptions = {}): readonly Statement[] {
  const statements: Statement[] = []
  let lexer = options
  for (let offset = 0; offset < script.length; ) {
    const { statement, next } = readStatement(script, offset, lexer)
    if (statement) {
      statements.push(lexer === options ? statement : { ...statement, lexer })
      lexer = lexerAfter(statement.words, () => statement.text, { current: lexer, initial: options })
    }
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
  const draft = newDraft(from)
  for (let offset = from; offset < script.length; ) {
    const passed = passesOverWords(draft) ? afterPlainTokens(script, offset) : afterSpace(script, offset)
    if (passed > offset) {
      passOver(draft, script, offset, passed)
      offset = passed
      continue
    }
    const token = nextToken(script, offset, options)
    if (endsStatement(token, draft)) return finish(draft, script, token.end)
    const text = script.slice(token.start, token.end)
    if (token.kind === 'command') throw new BackslashCommandError(commandName(text), token.start)
    extendDraft(draft, token, text)
    offset = token.end
  }
  refuseOpenEnd(draft)
  return finish(draft, script, script.length)
}

function finish({ start, end, words }: Draft, script: string, next: number): Reading {
  if (start === undefined) return { next }
  const statement = { text: script.slice(start, end), start, end, words }
  if (!copiesFromStdin(words)) return { statement, next }
  const copyData = readCopyData(script, start, next)
  return { statement: { ...statement, copyData }, next: copyData.next }
}
