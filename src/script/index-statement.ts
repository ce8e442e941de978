import { identifierValue, qualifiedName, significantTokens } from './statement-tokens.ts'

/** The index that a statement builds. */
export interface IndexName {
  /** As the catalog spells it. */
  readonly index: string
  /** As `to_regclass` takes it: perhaps qualified, quoted where the statement quotes it. */
  readonly table: string
}

/**
 * The index that `CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] name ON [ONLY] table …` builds; undefined for any
 * other statement, and for one that leaves the name to PostgreSQL.
 */
export function indexBuiltConcurrently(statement: string): IndexName | undefined {
  const tokens = significantTokens(statement, 16)
  const words = tokens.map(({ text, kind }) => (kind === 'word' ? text.toUpperCase() : ''))
  const start = ['CREATE', 'INDEX', 'CONCURRENTLY']
  const isUnique = words[1] === 'UNIQUE'
  const head = words.filter((_, index) => !(isUnique && index === 1)).slice(0, 3)
  if (head.join(' ') !== start.join(' ')) return undefined
  let next = isUnique ? 4 : 3
  if (words.slice(next, next + 3).join(' ') === 'IF NOT EXISTS') next += 3
  const name = tokens[next]
  if (!name || words[next] === 'ON' || words[next + 1] !== 'ON') return undefined
  const table = tokens.slice(words[next + 2] === 'ONLY' ? next + 3 : next + 2)
  return { index: identifierValue(name), table: qualifiedName(table) }
}
