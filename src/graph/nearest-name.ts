import { distance } from 'fastest-levenshtein'

/** The known name that `text` was probably meant to be, if one is near enough to be worth saying. */
export function nearestName(text: string, known: Iterable<string>): string | undefined {
  const typed = text.toLowerCase()
  let nearest: string | undefined
  let fewest = Math.min(2, Math.floor(text.length / 2)) + 1
  for (const name of known) {
    const edits = distance(typed, name.toLowerCase())
    if (edits < fewest) {
      nearest = name
      fewest = edits
    }
  }
  return nearest
}
