import { type UnclosedCode, UnclosedError } from '../errors/script-errors.ts'
import {
  afterBlockComment,
  afterDollarQuote,
  afterEscapedString,
  afterPlainString,
  afterQuotedIdentifier,
} from './quotes.ts'

/** `identifier` is a quoted one, `word` an unquoted one or a keyword; `string` is any kind of quoted value. */
export type TokenKind =
  | 'space'
  | 'comment'
  | 'string'
  | 'identifier'
  | 'word'
  | 'number'
  | 'parameter'
  | 'variable'
  | 'command'
  | 'open'
  | 'close'
  | 'semicolon'
  | 'symbol'

/** The text from `start` up to, but without, `end`; offsets count UTF-16 units. */
export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
}

export interface LexerOptions {
  /** Whether a backslash in a plain '…' string stands for itself: true unless the session was told otherwise. */
  readonly standardConformingStrings?: boolean
}

interface Rule {
  readonly kind: TokenKind
  /** The characters that the pattern can start with, so that few patterns are tried. */
  readonly first: RegExp
  /** The whole token, or only its opening when there is a `closing`. */
  readonly pattern: RegExp
  readonly closing?: Closing
}

interface Closing {
  /** The offset after the token whose `opening` ends at `from`; -1 when it is never closed. */
  readonly find: (text: string, from: number, opening: string) => number
  readonly unclosed: UnclosedCode
}

const PLAIN: Closing = { find: afterPlainString, unclosed: 'UNCLOSED_STRING' }
const ESCAPED: Closing = { find: afterEscapedString, unclosed: 'UNCLOSED_STRING' }
const QUOTED: Closing = { find: afterQuotedIdentifier, unclosed: 'UNCLOSED_IDENTIFIER' }
const DOLLAR_QUOTED: Closing = { find: afterDollarQuote, unclosed: 'UNCLOSED_DOLLAR_QUOTE' }
const BLOCK: Closing = { find: afterBlockComment, unclosed: 'UNCLOSED_COMMENT' }

const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/.source
const TAG = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/.source
const NAME = /[\w\u0080-\uffff]+/.source
// A word that follows a number at once belongs to it: 1e'a' is the number 1e and a plain string.
const MANTISSA = /(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)/.source
const EXPONENT = /(?:[eE][-+]?\d[\d_]*)?/.source
// The arguments of a command may quote, as in psqlscanslash.l, so that \set a 'b\\c' is one command.
const COMMAND = /\\[^ \t\n\r\f\v\\]*/.source
const ARGUMENT = /'[^'\\\n]*(?:\\.[^'\\\n]*)*'|"[^"\n]*"|`[^`\n]*`|[^\\\n'"`]+|['"`]/.source
const COMMAND_END = /(?:\\\\)?/.source

// No word or number here goes on in what follows it, no string has it for a prefix, and no point belongs to a number.
const PLAIN_WORD = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*(?![\w\u0080-\uffff$'"&])/.source
const PLAIN_NUMBER = /\d+(?![\w\u0080-\uffff$'"&.])/.source
const PLAIN_SYMBOL = /[ \t\n\r\f\v,=<>*+%|]+|\.(?![\d.])/.source
const PLAIN_TOKENS = sticky(`(?:${PLAIN_WORD}|${PLAIN_NUMBER}|${PLAIN_SYMBOL}){1,1000}`) // each takes some of V8's stack

const LETTER_BEYOND_ASCII = 0x80
const STANDARD_RULES = ruleset(PLAIN)
const NON_STANDARD_RULES = ruleset(ESCAPED)

/**
 * The token that starts at `start`, by the rules of psql (psqlscan.l) and PostgreSQL 18 (scan.l).
 * Tokens are told apart as far as statements, variables and backslash commands need it: each character of an
 * operator is a `symbol`, so that a comment may start inside one. A variable is `:name`, `:'name'`, `:"name"` or
 * `:{?name}`; a command runs from its backslash to the end of its line, or through `\\`; `\;` and `\:` are
 * commands too.
 * Takes a text without a byte order mark, and an offset before its end.
 * Throws `UnclosedError` when the text ends inside the token.
 */
export function nextToken(text: string, start: number, options: LexerOptions = {}): Token {
  const rules = options.standardConformingStrings === false ? NON_STANDARD_RULES : STANDARD_RULES
  const first = Math.min(text.charCodeAt(start), LETTER_BEYOND_ASCII)
  for (const { kind, pattern, closing } of rulesFor(first, rules)) {
    pattern.lastIndex = start
    if (!pattern.test(text)) continue
    const end = closing ? endOfQuoted(closing, text, start, pattern.lastIndex) : pattern.lastIndex
    return { kind, start, end }
  }
  return { kind: 'symbol', start, end: start + 1 }
}

/**
 * Passes over tokens of which each is a space, a word, a number or a symbol whatever stands around it, from `start`, where
 * a token starts. Gives the offset of the first that may be something else; that is `start` itself where nothing can be
 * passed over. Thousands of tokens cost little more than one of `nextToken`.
 */
export function afterPlainTokens(text: string, start: number): number {
  PLAIN_TOKENS.lastIndex = start
  return PLAIN_TOKENS.test(text) ? PLAIN_TOKENS.lastIndex : start
}

/** The offset of the first character from `start` on that is no space. */
export function afterSpace(text: string, start: number): number {
  let end = start
  while (SPACE.includes(text.charAt(end)) && end < text.length) end++
  return end
}

/** Before `end`, the offset behind the last character from `start` on that is no space; `start` where there is none. */
export function beforeSpace(text: string, start: number, end: number): number {
  let last = end
  while (last > start && SPACE.includes(text.charAt(last - 1))) last--
  return last
}

const SPACE = ' \t\n\r\f\v'

function endOfQuoted({ find, unclosed }: Closing, text: string, start: number, from: number): number {
  const end = find(text, from, text.slice(start, from))
  if (end === -1) throw new UnclosedError(unclosed, start)
  return end
}

interface Ruleset {
  readonly all: readonly Rule[]
  /** Those that can start with a character, by its code; looked out when the character is first met. */
  readonly byFirst: (readonly Rule[] | undefined)[]
}

function ruleset(unprefixedString: Closing): Ruleset {
  return { all: rules(unprefixedString), byFirst: Array.from({ length: LETTER_BEYOND_ASCII + 1 }) }
}

function rulesFor(first: number, { all, byFirst }: Ruleset): readonly Rule[] {
  const known = byFirst[first]
  if (known) return known
  const character = String.fromCharCode(first)
  const found = all.filter(rule => rule.first.test(character))
  byFirst[first] = found
  return found
}

/**
 * The first rule that matches wins, so the order matters: quotes with a prefix come before words. As in
 * PostgreSQL's own rules every character from U+0080 up is a letter.
 */
function rules(unprefixedString: Closing): readonly Rule[] {
  return [
    { kind: 'space', first: /[ \t\n\r\f\v]/, pattern: /[ \t\n\r\f\v]+/y },
    { kind: 'comment', first: /-/, pattern: /--[^\n\r]*/y },
    { kind: 'comment', first: /\//, pattern: /\/\*/y, closing: BLOCK },
    { kind: 'string', first: /[nN']/, pattern: /[nN]?'/y, closing: unprefixedString },
    { kind: 'string', first: /[eE]/, pattern: /[eE]'/y, closing: ESCAPED },
    { kind: 'string', first: /[bBxXuU]/, pattern: /(?:[bBxX]|[uU]&)'/y, closing: PLAIN },
    { kind: 'identifier', first: /[uU"]/, pattern: /(?:[uU]&)?"/y, closing: QUOTED },
    { kind: 'word', first: /[A-Za-z_\u0080]/, pattern: sticky(WORD) },
    { kind: 'number', first: /[\d.]/, pattern: sticky(`${MANTISSA}${EXPONENT}(?:${WORD})?`) },
    { kind: 'open', first: /\(/, pattern: /\(/y },
    { kind: 'close', first: /\)/, pattern: /\)/y },
    { kind: 'semicolon', first: /;/, pattern: /;/y },
    { kind: 'symbol', first: /[:.]/, pattern: /::|:=|\.\./y },
    { kind: 'string', first: /\$/, pattern: sticky(`\\$(?:${TAG})?\\$`), closing: DOLLAR_QUOTED },
    { kind: 'parameter', first: /\$/, pattern: sticky(`\\$\\d+(?:${WORD})?`) },
    { kind: 'variable', first: /:/, pattern: sticky(`:(?:${NAME}|'${NAME}'|"${NAME}"|\\{\\?${NAME}\\})`) },
    { kind: 'command', first: /\\/, pattern: /\\[;:]/y },
    { kind: 'command', first: /\\/, pattern: sticky(`${COMMAND}(?:${ARGUMENT})*${COMMAND_END}`) },
  ]
}

function sticky(pattern: string): RegExp {
  return new RegExp(pattern, 'y')
}
