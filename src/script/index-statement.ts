import { nextToken, type Token } from './lexer.ts'

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

interface TextToken extends Token {
  readonly text: string
}

function significantTokens(statement: string, most: number): TextToken[] {
  const tokens: TextToken[] = []
  for (let offset = 0; offset < statement.length && tokens.length < most; ) {
    const token = nextToken(statement, offset)
    offset = token.end
    if (token.kind === 'space' || token.kind === 'comment') continue
    tokens.push({ ...token, text: statement.slice(token.start, token.end) })
  }
  return tokens
}

/** A name and the names behind each dot. */
function qualifiedName(tokens: readonly TextToken[]): string {
  const parts: string[] = []
  for (const { text, kind } of tokens) {
    const isName = kind === 'word' || kind === 'identifier'
    const expectsName = parts.length === 0 || parts.at(-1) === '.'
    if (expectsName ? !isName : text !== '.') break
    parts.push(text)
  }
  return parts.join('')
}

/** PostgreSQL folds what is not quoted to lower case. */
function identifierValue({ text, kind }: TextToken): string {
  return kind === 'identifier' ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase()
}
