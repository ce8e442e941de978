/** A stretch of a text to be replaced. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Carries out edits that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = []
  let copied = 0
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    parts.push(text.slice(copied, edit.start), edit.text)
    copied = edit.end
  }
  return parts.join('') + text.slice(copied)
}

/** The edit that takes a stretch away, its line where nothing else is on it, and a blank line where two would meet. */
export function removal(text: string, start: number, end: number): Edit {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const after = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end))?.[0]
  if (after === undefined || text.slice(lineStart, start).trim() !== '') return { start, end, text: '' }
  const lineEnd = end + after.length
  const blank = /^[ \t]*\r?\n/.exec(text.slice(lineEnd))?.[0] ?? ''
  const isBelowBlank =
    lineStart === 0 || /\n[ \t]*\r?\n$/.test(text.slice(Math.max(0, lineStart - 80), lineStart))
  return { start: lineStart, end: lineEnd + (isBelowBlank ? blank.length : 0), text: '' }
}
