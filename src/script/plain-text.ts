import { ScriptError } from '../errors/script-errors.ts'
import type { GappedText } from './gaps.ts'
import type { LexerOptions } from './lexer.ts'
import { splitStatements } from './statements.ts'

/**
 * Whether a text says nothing in psql's language, and so is sent as it is. One that cannot be read to its end is left to
 * the reader that knows where psql would find that.
 */
export function isPlain({ text, gaps = [] }: GappedText, lexer: LexerOptions): boolean {
  if (gaps.length > 0 || MAY_BE_PSQL.test(text.replace(HEADER, ''))) return false
  try {
    splitStatements(text, lexer)
    return true
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    return false
  }
}

/** Lines without anything but a comment. */
const HEADER = /^(?:[ \t\r\f\v]*(?:--[^\n\r]*)?\r?\n)*/

/** Commands begin with a backslash, variables with a colon that is none of those in `::` and `:=`. */
const MAY_BE_PSQL = /\\|(?<!:):(?![:=])|:::/
