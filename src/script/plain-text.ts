import { ScriptError } from '../errors/script-errors.ts'
import type { GappedText } from './gaps.ts'
import type { LexerOptions } from './lexer.ts'
import { type Statement, splitStatements } from './statements.ts'

/**
 * The statements of a text that says nothing in psql's language, and so is sent as it is. Undefined for any other; one that
 * cannot be read to its end is left to the reader that knows where psql would find that.
 */
export function plainStatements(
  { text, gaps = [] }: GappedText,
  lexer: LexerOptions,
): readonly Statement[] | undefined {
  if (gaps.length > 0 || MAY_BE_PSQL.test(text.replace(HEADER, ''))) return undefined
  try {
    return splitStatements(text, lexer)
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    return undefined
  }
}

/** Lines without anything but a comment. */
const HEADER = /^(?:[ \t\r\f\v]*(?:--[^\n\r]*)?\r?\n)*/

/** Commands begin with a backslash, variables with a colon that is none of those in `::` and `:=`. */
const MAY_BE_PSQL = /\\|(?<!:):(?![:=])|:::/
