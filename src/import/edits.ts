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

/** The edit that takes a stretch away, and its line where nothing else is on it. */
export function removal(text: string, start: number, end: number): Edit {
  const before = /[ \t]*$/.exec(text.slice(text.lastIndexOf('\n', start - 1) + 1, start))?.[0] ?? ''
  const isFirst = start - before.length === 0 || text[start - before.length - 1] === '\n'
  const after = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end))?.[0]
  if (!isFirst || after === undefined) return { start, end, text: '' }
  return { start: start - before.length, end: end + after.length, text: '' }
}
