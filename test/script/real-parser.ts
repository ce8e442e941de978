import { loadModule, parseSync, scanSync } from 'libpg-query'

/** Where PostgreSQL's own parser and lexer see a statement: from its first token to its last, in UTF-16 units. */
export interface Extent {
  readonly start: number
  readonly end: number
}

await loadModule()

const COMMENTS = new Set(['SQL_COMMENT', 'C_COMMENT'])

/** What PostgreSQL 18 makes of `sql`. Throws what the parser throws. */
export function parsedExtents(sql: string): readonly Extent[] {
  const bytes = Buffer.from(sql)
  const tokens = scanSync(sql).tokens.filter(({ tokenName }) => !COMMENTS.has(tokenName))
  const offset = (byte: number) => bytes.toString('utf8', 0, byte).length
  return (parseSync(sql).stmts ?? []).map(({ stmt_location: start = 0, stmt_len: length }) => {
    const within = tokens.filter(
      token => token.start >= start && token.end <= start + (length || bytes.length),
    )
    return { start: offset(within[0]?.start ?? start), end: offset(within.at(-1)?.end ?? start) }
  })
}

/** Whether PostgreSQL 18 can parse `sql`. */
export function isParsed(sql: string): boolean {
  try {
    parseSync(sql)
    return true
  } catch {
    return false
  }
}

/** The kinds of transaction commands in `sql`, as PostgreSQL 18 names them; undefined for any other statement. */
export function transactionKinds(sql: string): readonly (string | undefined)[] {
  return (parseSync(sql).stmts ?? []).map(({ stmt }) =>
    stmt && 'TransactionStmt' in stmt ? stmt.TransactionStmt.kind : undefined,
  )
}

/** The string that PostgreSQL 18 reads in the literal `literal`. */
export function literalValue(literal: string): string | undefined {
  const [statement] = parseSync(`select${literal.startsWith(' ') ? '' : ' '}${literal}`).stmts ?? []
  const select = statement?.stmt && 'SelectStmt' in statement.stmt ? statement.stmt.SelectStmt : undefined
  const target = select?.targetList?.[0]
  const value = target && 'ResTarget' in target ? target.ResTarget.val : undefined
  return value && 'A_Const' in value ? (value.A_Const.sval?.sval ?? '') : undefined
}

/** The column name that PostgreSQL 18 reads in the identifier `identifier`. */
export function identifierName(identifier: string): string | undefined {
  const [statement] = parseSync(`select 1 as ${identifier}`).stmts ?? []
  const select = statement?.stmt && 'SelectStmt' in statement.stmt ? statement.stmt.SelectStmt : undefined
  const target = select?.targetList?.[0]
  return target && 'ResTarget' in target ? target.ResTarget.name : undefined
}
