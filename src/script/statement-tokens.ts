import { UnclosedError } from '../errors/script-errors.ts'
import { nextToken, type Token } from './lexer.ts'

/** A token with its text. */
export interface TextToken extends Token {
  readonly text: string
}

/**
 * The first tokens of a statement that are neither space nor comment; up to a string that ends elsewhere, for the session
 * reads it by other rules.
 */
export function significantTokens(statement: string, most: number): TextToken[] {
  const tokens: TextToken[] = []
  for (let offset = 0; offset < statement.length && tokens.length < most; ) {
    const token = tokenUnlessUnclosed(statement, offset)
    if (!token) break
    offset = token.end
    if (token.kind === 'space' || token.kind === 'comment') continue
    tokens.push({ ...token, text: statement.slice(token.start, token.end) })
  }
  return tokens
}

function tokenUnlessUnclosed(statement: string, offset: number): Token | undefined {
  try {
    return nextToken(statement, offset)
  } catch (error) {
    if (error instanceof UnclosedError) return undefined
    throw error
  }
}

/** Whether a statement refers to a parameter (`$1`), which only a prepared one can be given. */
export function holdsParameter(statement: string): boolean {
  if (!/\$\d/.test(statement)) return false
  return significantTokens(statement, Number.POSITIVE_INFINITY).some(({ kind }) => kind === 'parameter')
}

/** A name and the names behind each dot, as they are written. */
export function qualifiedName(tokens: readonly TextToken[]): string {
  const parts: string[] = []
  for (const { text, kind } of tokens) {
    const isName = kind === 'word' || kind === 'identifier'
    const expectsName = parts.length === 0 || parts.at(-1) === '.'
    if (expectsName ? !isName : text !== '.') break
    parts.push(text)
  }
  return parts.join('')
}

/** What a name means: PostgreSQL folds what is not quoted to lower case. */
export function identifierValue({ text, kind }: TextToken): string {
  return kind === 'identifier' ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase()
}
