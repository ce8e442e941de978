import { distance } from 'fastest-levenshtein'

/** The keys that count in a header, in the order in which they are written. */
export const HEADER_KEYS = [
  'revision',
  'parents',
  'labels',
  'depends',
  'message',
  'created',
  'author',
  'transaction',
  'lock_timeout',
  'statement_timeout',
  'replaces',
  'irreversible',
  'destructive',
] as const

export type HeaderKey = (typeof HEADER_KEYS)[number]

/** The key that `word` (in lower case) is, or that it is a slip of the pen for; undefined for the word of a comment. */
export function keyMeantBy(word: string): HeaderKey | undefined {
  return isKey(word) ? word : HEADER_KEYS.find(key => isNearMiss(word, key))
}

const KEYS: ReadonlySet<string> = new Set(HEADER_KEYS)

function isKey(word: string): word is HeaderKey {
  return KEYS.has(word)
}

/** One letter wrong, two swapped, or two wrong in a long key: near enough for a slip, too near for an ordinary word. */
function isNearMiss(word: string, key: HeaderKey): boolean {
  const wrong = distance(word, key)
  return wrong === 1 || (wrong === 2 && (key.length > 10 || sortedLetters(word) === sortedLetters(key)))
}

function sortedLetters(word: string): string {
  return [...word].sort().join('')
}
