import { MisreadDataError } from '../errors/script-errors.ts'
import type { ContentDigest } from './content-digest.ts'
import type { Statement } from './statements.ts'

/** What is known of the lines of a COPY without having them. */
export interface DataFacts extends ContentDigest {
  readonly lines: number
}

/** A part of a file, in bytes. */
export interface FileRange {
  readonly file: string
  readonly from: number
  /** Behind the last byte. */
  readonly to: number
}

/** The lines of a COPY in their file. */
export interface FileData extends DataFacts {
  readonly range: FileRange
}

/** A place in a text where the lines of a COPY are left out. The line `\.` that ends them follows in the text. */
export interface Gap<Data extends DataFacts = FileData> {
  /** Offset of the semicolon that ends the COPY statement. */
  readonly semicolon: number
  /** Offset in the text at which the lines would stand. */
  readonly at: number
  readonly data: Data
}

/** A text of which the data of some COPYs were left where they lie, because they are large. */
export interface GappedText<Data extends DataFacts = FileData> {
  readonly text: string
  /** In their order. */
  readonly gaps?: readonly Gap<Data>[]
}

/** What lies in the gap at an offset, if there is one. */
export function dataAt<Data extends DataFacts>(
  { gaps = [] }: GappedText<Data>,
  offset: number,
): Data | undefined {
  return gaps.find(({ at }) => at === offset)?.data
}

/** The part of a text from `from` to `to`, with the gaps in it. */
export function sliceText({ text, gaps = [] }: GappedText, from: number, to = text.length): GappedText {
  const inside = gaps.filter(({ semicolon, at }) => from <= semicolon && at <= to)
  return withGaps(text.slice(from, to), moved(inside, -from))
}

/** Texts put together to one. */
export function joinTexts(parts: readonly (GappedText | string)[], separator = ''): GappedText {
  const gaps: Gap[] = []
  let length = 0
  const texts = parts.map(part => {
    const { text, gaps: own = [] } = typeof part === 'string' ? { text: part } : part
    gaps.push(...moved(own, length))
    length += text.length + separator.length
    return text
  })
  return withGaps(texts.join(separator), gaps)
}

/** The stretches of a text and what lies between them, in order. */
export function* partsOf({ text, gaps = [] }: GappedText): Generator<string | FileData> {
  let from = 0
  for (const { at, data } of gaps) {
    yield text.slice(from, at)
    yield data
    from = at
  }
  yield text.slice(from)
}

/**
 * Throws `MisreadDataError` unless each gap holds the data of one of the statements: what was left out as data before
 * variables had their values may turn out to be in the middle of something else.
 */
export function requireOwners({ gaps = [] }: GappedText, statements: readonly Statement[]): void {
  const owned = new Set(statements.map(({ copyData }) => copyData?.start))
  const astray = gaps.find(({ at }) => !owned.has(at))
  if (astray) throw new MisreadDataError(astray.semicolon)
}

function moved(gaps: readonly Gap[], by: number): Gap[] {
  return gaps.map(({ semicolon, at, data }) => ({ semicolon: semicolon + by, at: at + by, data }))
}

function withGaps(text: string, gaps: readonly Gap[]): GappedText {
  return gaps.length === 0 ? { text } : { text, gaps }
}
