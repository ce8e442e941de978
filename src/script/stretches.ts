import { type GappedText, joinTexts, sliceText } from './gaps.ts'
import { type Piece, type Pieces, type Source, wholeSource } from './pieces.ts'

/** A part of an expanded script on its way to be a piece; grown in place. */
export interface Stretch {
  readonly source: Source
  readonly sourceStart: number
  sourceEnd: number
  /** What stands for this part of the source; absent where the part stands for itself. */
  substitute?: string
}

/** Adds a stretch at the end, joined with the one before where both are one part of one source. */
export function addStretch(stretches: Stretch[], stretch: Stretch): void {
  const last = stretches.at(-1)
  if (last?.source !== stretch.source) stretches.push(stretch)
  else if (continues(last, stretch)) last.sourceEnd = stretch.sourceEnd
  else if (isSameReference(last, stretch)) last.substitute = `${last.substitute}${stretch.substitute}`
  else stretches.push(stretch)
}

/** The text that the stretches make, and its pieces; `source` is what an empty text came from. */
export function assemble(
  stretches: readonly Stretch[],
  { file }: Source,
): GappedText & { readonly pieces: Pieces } {
  const texts = stretches.map(({ substitute, ...from }) =>
    substitute === undefined
      ? sliceText(from.source, from.sourceStart, from.sourceEnd)
      : { text: substitute },
  )
  let end = 0
  const [first, ...rest] = stretches.map(({ source, sourceStart, sourceEnd }, index): Piece => {
    const start = end
    end += texts[index]?.text.length ?? 0
    return { source, sourceStart, sourceEnd, start, end }
  })
  return { ...joinTexts(texts), pieces: first ? [first, ...rest] : wholeSource({ file, text: '' }) }
}

function continues(last: Stretch, next: Stretch): boolean {
  const areVerbatim = last.substitute === undefined && next.substitute === undefined
  return areVerbatim && last.sourceEnd === next.sourceStart
}

function isSameReference(last: Stretch, next: Stretch): boolean {
  const areSubstituted = last.substitute !== undefined && next.substitute !== undefined
  return areSubstituted && last.sourceStart === next.sourceStart && last.sourceEnd === next.sourceEnd
}
