import { identifierValue, significantTokens, type TextToken } from './statement-tokens.ts'

/** The table that `CREATE TABLE [IF NOT EXISTS] name …` makes, without a schema `public`; undefined for anything else. */
export function tableMade(statement: string): string | undefined {
  const tokens = significantTokens(statement, 16)
  const words = tokens.map(wordOf)
  const table = words.indexOf('TABLE')
  const isMade = words[0] === 'CREATE' && table > 0 && words.slice(1, table).every(word => KINDS.has(word))
  if (!isMade) return undefined
  const isConditional = words.slice(table + 1, table + 4).join(' ') === 'IF NOT EXISTS'
  return tableName(tokens.slice(table + (isConditional ? 4 : 1)))
}

/** The table that `CREATE INDEX` builds upon while nobody may write to it; undefined with CONCURRENTLY. */
export function tableIndexed(statement: string): string | undefined {
  const tokens = significantTokens(statement, 24)
  const words = tokens.map(wordOf)
  const index = words[1] === 'UNIQUE' ? 2 : 1
  if (words[0] !== 'CREATE' || words[index] !== 'INDEX' || words[index + 1] === 'CONCURRENTLY')
    return undefined
  const on = words.indexOf('ON', index)
  return on < 0 ? undefined : tableName(tokens.slice(words[on + 1] === 'ONLY' ? on + 2 : on + 1))
}

const KINDS: ReadonlySet<string> = new Set(['UNLOGGED', 'GLOBAL', 'LOCAL', 'TEMP', 'TEMPORARY'])

function wordOf({ text, kind }: TextToken): string {
  return kind === 'word' ? text.toUpperCase() : ''
}

function tableName([first, dot, second]: readonly TextToken[]): string | undefined {
  if (first === undefined) return undefined
  if (dot?.text !== '.' || second === undefined) return identifierValue(first)
  const schema = identifierValue(first)
  const name = identifierValue(second)
  return schema === 'public' ? name : `${schema}.${name}`
}
