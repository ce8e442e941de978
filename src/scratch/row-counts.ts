import type { Session } from '../database/session.ts'
import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'
import type { Scope } from './compare-scope.ts'

/** How many rows each table has, by qualified name. */
export type RowCounts = ReadonlyMap<string, number>

/** Rows of a table that are not there any more. */
export interface LostRows {
  readonly table: string
  readonly before: number
  readonly after: number
}

/** Counts the rows of all tables but the ledger's. */
export async function countRows(session: Session, { ledgerSchema }: Scope): Promise<RowCounts> {
  const tables = await session.query(`
    select n.nspname as schema, c.relname as name from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', ${quoteLiteral(ledgerSchema)})
      and not starts_with(n.nspname, 'pg_') order by 1, 2`)
  if (tables.length === 0) return new Map()
  const counts = tables.map(({ schema, name }) => {
    const table = `${quoteIdentifier(String(schema))}.${quoteIdentifier(String(name))}`
    return `select ${quoteLiteral(`${schema}.${name}`)} as table, count(*)::int as rows from only ${table}`
  })
  const rows = await session.query(counts.join('\nunion all '))
  return new Map(rows.map(row => [String(row['table']), Number(row['rows'])]))
}

/** The tables that have fewer rows afterwards; one that is gone altogether is a matter of the schema. */
export function lostRows(before: RowCounts, after: RowCounts): LostRows[] {
  return [...before].flatMap(([table, rows]) => {
    const left = after.get(table)
    return left !== undefined && left < rows ? [{ table, before: rows, after: left }] : []
  })
}
