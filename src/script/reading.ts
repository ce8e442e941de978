import { UnclosedError } from '../errors/script-errors.ts'
import { type Conditions, isActive } from './conditions.ts'
import { copiesFromStdin, readCopyData } from './copy-data.ts'
import { type Draft, endsStatement, extendDraft, newDraft } from './draft.ts'
import { type LexerOptions, nextToken, type Token } from './lexer.ts'
import type { Source } from './pieces.ts'
import { addStretch, type Stretch } from './stretches.ts'

/**
 * One file while it is read as psql reads it, changed in place: each file has a statement under way and `\if` blocks
 * of its own, and a variable's value is read in the place of the reference to it.
 */
export interface Reading {
  readonly source: Source
  /** How strings are read; a statement can change it. */
  lexer: LexerOptions
  /** The file and the files it is included by, the outermost first. */
  readonly chain: readonly string[]
  /** What is being read: the file, then values within each other. Empty when the file has been read. */
  readonly inputs: Input[]
  readonly conditions: Conditions
  draft: Draft
  /** The text of the statement under way, which is sent when its semicolon comes. */
  statement: Stretch[]
}

/** A text that is read up to `offset`. */
export interface Input {
  readonly text: string
  offset: number
  /** Of a variable's value: its name, and where in the file the (outermost) reference to it stands. */
  readonly reference?: { readonly name: string; readonly start: number; readonly end: number }
}

/** Starts to read a file that is included by those of `chain`. */
export function openReading(source: Source, lexer: LexerOptions, chain: readonly string[] = []): Reading {
  const file = { text: source.text, offset: 0 }
  const started = { draft: newDraft(0), statement: [], conditions: [] }
  return { source, lexer, chain: [...chain, source.file], inputs: [file], ...started }
}

/**
 * Reads the next token of an input and goes on behind it. Gives undefined for a quote that opens in a variable's value and
 * closes only behind it, after copying it. Throws `UnclosedError`.
 */
export function readToken(reading: Reading, input: Input): Token | undefined {
  try {
    const token = nextToken(input.text, input.offset, reading.lexer)
    input.offset = token.end
    return token
  } catch (error) {
    if (!(error instanceof UnclosedError) || !input.reference) throw error
    copyAcrossInputs(reading)
    return undefined
  }
}

/** Copies a token into the statement under way; tells whether it completes the statement. */
export function copyToken(reading: Reading, input: Input, token: Token): boolean {
  addStretch(reading.statement, stretchOf(reading, input, token))
  return extendStatement(reading, input, token, input.text.slice(token.start, token.end))
}

/** Writes `substitute`, which counts as a token of this kind, in the place of a token. */
export function substituteToken(reading: Reading, input: Input, token: Token, substitute: string): boolean {
  addStretch(reading.statement, { ...placeInFile(reading, input, token), substitute })
  return extendStatement(reading, input, token, substitute)
}

/** Reads the value of a variable next, in the place of the token that refers to it. */
export function readValue(reading: Reading, input: Input, token: Token, name: string, value: string): void {
  const { sourceStart: start, sourceEnd: end } = placeInFile(reading, input, token)
  reading.inputs.push({ text: value, offset: 0, reference: { name, start, end } })
}

/** Ends the reading of a file before its end, for what follows cannot be understood. */
export function abandon(reading: Reading): void {
  reading.inputs.length = 0
  reading.conditions.length = 0
  reading.draft = newDraft(0)
}

/** Where an offset of an input is in its file. */
export function offsetInFile({ reference }: Input, offset: number): number {
  return reference?.start ?? offset
}

function copyAcrossInputs(reading: Reading): void {
  const inputs = reading.inputs.toReversed()
  const joined = inputs.map(({ text, offset }) => text.slice(offset)).join('')
  const token = nextToken(joined, 0, reading.lexer)
  let left = token.end
  for (const input of inputs) {
    const start = input.offset
    input.offset = Math.min(start + left, input.text.length)
    left -= input.offset - start
    if (isActive(reading.conditions))
      addStretch(reading.statement, stretchOf(reading, input, { start, end: input.offset }))
  }
  const [innermost] = inputs
  if (innermost && isActive(reading.conditions))
    extendStatement(reading, innermost, token, joined.slice(0, token.end))
}

function extendStatement(reading: Reading, input: Input, token: Token, text: string): boolean {
  const { draft } = reading
  const { sourceStart: start, sourceEnd: end } = placeInFile(reading, input, token)
  if (!endsStatement(token, draft)) {
    extendDraft(draft, { kind: token.kind, start, end }, text)
    return false
  }
  if (draft.start !== undefined && copiesFromStdin(draft.words)) copyCopyData(reading, draft.start)
  return true
}

/** The data are lines of the file, also where a variable holds the COPY statement; what comes next starts a line, too. */
function copyCopyData(reading: Reading, copy: number): void {
  const [file] = reading.inputs
  if (!file) return
  const { source } = reading
  const { next } = readCopyData(file.text, copy, file.offset)
  const end = file.text.indexOf('\n', next) + 1 || file.text.length
  addStretch(reading.statement, { source, sourceStart: file.offset, sourceEnd: end })
  file.offset = end
}

function stretchOf(reading: Reading, input: Input, extent: Pick<Token, 'start' | 'end'>): Stretch {
  const place = placeInFile(reading, input, extent)
  return input.reference ? { ...place, substitute: input.text.slice(extent.start, extent.end) } : place
}

function placeInFile({ source }: Reading, { reference }: Input, extent: Pick<Token, 'start' | 'end'>) {
  const { start, end } = reference ?? extent
  return { source, sourceStart: start, sourceEnd: end }
}
