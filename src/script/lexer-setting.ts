import { readBoolean } from './conditions.ts'
import type { LexerOptions } from './lexer.ts'
import { identifierValue, significantTokens, type TextToken } from './statement-tokens.ts'

/** How plain strings are read: now, and where nothing has set it. */
export interface LexerSetting {
  readonly current: LexerOptions
  readonly initial: LexerOptions
}

/**
 * How plain strings are read behind a statement whose first words are `words`. psql asks its session, where `SET
 * standard_conforming_strings` has been run by then; a script that is read before it runs is searched for that statement.
 */
export function lexerAfter(
  words: readonly string[],
  statement: () => string,
  { current, initial }: LexerSetting,
): LexerOptions {
  if (!MAY_SET.has(words[0] ?? '')) return current
  const [verb, ...rest] = significantTokens(statement(), 6).map(meaning)
  const [name = '', , value = ''] = SCOPES.has(rest[0] ?? '') ? rest.slice(1) : rest
  if (verb !== 'set') return name === 'all' || (verb === 'reset' && name === SETTING) ? initial : current
  if (name !== SETTING) return current
  const isOn = readBoolean(value)
  if (isOn !== undefined) return { standardConformingStrings: isOn }
  return value === 'default' ? initial : current
}

const SETTING = 'standard_conforming_strings'
const MAY_SET: ReadonlySet<string> = new Set(['SET', 'RESET', 'DISCARD'])
const SCOPES: ReadonlySet<string> = new Set(['session', 'local'])

function meaning(token: TextToken): string {
  return token.kind === 'string' ? token.text.slice(1, -1) : identifierValue(token)
}
