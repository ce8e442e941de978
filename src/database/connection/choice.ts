import { InvalidConnectionError } from '../../errors/connection-errors.ts'
import type { Keyword, Parameters } from './keywords.ts'

/** The value of a keyword that takes one of a few words; throws InvalidConnectionError for another one. */
export function requireChoice<const Word extends string>(
  parameters: Parameters,
  keyword: Keyword,
  words: readonly Word[],
): Word | undefined {
  const given = parameters.get(keyword)
  if (!given?.value) return undefined
  const word = words.find(candidate => candidate === given.value)
  if (word !== undefined) return word
  throw new InvalidConnectionError(
    given.source,
    `${keyword} "${given.value}" is not one of ${words.join(', ')}`,
  )
}
