import { UnclosedError } from '../errors/script-errors.ts'
import { beforeSpace, type Token } from './lexer.ts'

/** What has been read of a statement; changed in place, because a script may have millions of tokens. */
export interface Draft {
  /** Where its first token starts; undefined while there were only space and comments. */
  start?: number
  end: number
  /** Its first eight unquoted words outside parentheses, in upper case. */
  readonly words: string[]
  /** The offsets of the parentheses that are open. */
  readonly parentheses: number[]
  /** The offsets of BEGIN ATOMIC, and of CASE within it, that wait for their END. */
  readonly blocks: number[]
}

const REMEMBERED_WORDS = 8

/** A statement of which nothing has been read yet. */
export function newDraft(from: number): Draft {
  return { end: from, words: [], parentheses: [], blocks: [] }
}

/** Whether the statement is complete with this token: a semicolon outside parentheses and BEGIN ATOMIC bodies. */
export function endsStatement({ kind }: Token, draft: Draft): boolean {
  return kind === 'semicolon' && draft.parentheses.length === 0 && draft.blocks.length === 0
}

/** Adds a token, whose text is `text`, to the statement. */
export function extendDraft(draft: Draft, token: Token, text: string): void {
  if (token.kind === 'space' || token.kind === 'comment') return
  draft.start ??= token.start
  draft.end = token.end
  if (token.kind === 'open') draft.parentheses.push(token.start)
  if (token.kind === 'close') draft.parentheses.pop()
  if (token.kind === 'word' && draft.parentheses.length === 0) extendWords(draft, text, token.start)
}

/** Whether words, numbers and symbols that come now change nothing but where the statement ends. */
export function passesOverWords({ parentheses, words }: Draft): boolean {
  return parentheses.length > 0 || (words.length === REMEMBERED_WORDS && !createsRoutine(words))
}

/** Adds what reaches from `start` to `end`, and holds nothing but such words, numbers, symbols, and space. */
export function passOver(draft: Draft, script: string, start: number, end: number): void {
  const last = beforeSpace(script, start, end)
  if (last > start) draft.end = last
}

/** Throws `UnclosedError` when the script ends here although a parenthesis or a body is open. */
export function refuseOpenEnd({ parentheses: [parenthesis], blocks: [block] }: Draft): void {
  if (parenthesis !== undefined) throw new UnclosedError('UNCLOSED_PARENTHESIS', parenthesis)
  if (block !== undefined) throw new UnclosedError('UNCLOSED_BODY', block)
}

// psql's own heuristic (psqlscan.l): only a body of CREATE FUNCTION or PROCEDURE can hold BEGIN … END.
function extendWords(draft: Draft, text: string, offset: number): void {
  const isRemembered = draft.words.length < REMEMBERED_WORDS
  if (!isRemembered && !createsRoutine(draft.words)) return
  const word = upperCase(text)
  if (isRemembered) draft.words.push(word)
  if (!createsRoutine(draft.words)) return
  if (word === 'BEGIN' || (word === 'CASE' && draft.blocks.length > 0)) draft.blocks.push(offset)
  if (word === 'END') draft.blocks.pop()
}

function createsRoutine(words: readonly string[]): boolean {
  if (words[0] !== 'CREATE') return false
  const object = words[1] === 'OR' && words[2] === 'REPLACE' ? words[3] : words[1]
  return object === 'FUNCTION' || object === 'PROCEDURE'
}

// PostgreSQL folds only ASCII letters in keywords; toUpperCase would turn ı into I and ſ into S.
function upperCase(word: string): string {
  if (IS_ASCII.test(word)) return word.toUpperCase()
  return word.replace(/[a-z]+/g, letters => letters.toUpperCase())
}

const IS_ASCII = /^[\0-\x7f]*$/
