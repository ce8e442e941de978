import type { StableId } from '@supabase/pg-delta/core'
import { UnknownRenameError } from '../errors/proof-errors.ts'
import { quoteIdentifier } from '../script/literal.ts'
import type { Catalog } from './compare.ts'
import type { ChangeStatement } from './compare-change.ts'
import { nameOf } from './compare-words.ts'

/** `from` is `schema.table` or `schema.table.column`, without `public.` if you like; of `to` the last name counts. */
export interface Rename {
  readonly from: string
  readonly to: string
}

/** The statements that rename an object of the schema, there and back. Throws `UnknownRenameError`. */
export function renameStatements(
  { facts }: Catalog,
  { from, to }: Rename,
): { readonly there: ChangeStatement; readonly back: ChangeStatement } {
  const names = new Set([from, `public.${from}`])
  const found = facts.facts().find(({ id }) => id.kind in RENAMES && names.has(fullName(id)))
  const name = to.slice(to.lastIndexOf('.') + 1)
  if (found === undefined || name === '') throw new UnknownRenameError(from, to)
  return {
    there: renameStatement(found.id, lastName(found.id), name),
    back: renameStatement(found.id, name, lastName(found.id)),
  }
}

type Renaming = (parent: string, from: string, to: string) => string

const RENAMES: Readonly<Partial<Record<StableId['kind'], Renaming>>> = {
  schema: (_, from, to) => `ALTER SCHEMA ${from} RENAME TO ${to}`,
  table: (schema, from, to) => `ALTER TABLE ${schema}.${from} RENAME TO ${to}`,
  column: (table, from, to) => `ALTER TABLE ${table} RENAME COLUMN ${from} TO ${to}`,
  view: (schema, from, to) => `ALTER VIEW ${schema}.${from} RENAME TO ${to}`,
  materializedView: (schema, from, to) => `ALTER MATERIALIZED VIEW ${schema}.${from} RENAME TO ${to}`,
  sequence: (schema, from, to) => `ALTER SEQUENCE ${schema}.${from} RENAME TO ${to}`,
  constraint: (table, from, to) => `ALTER TABLE ${table} RENAME CONSTRAINT ${from} TO ${to}`,
  index: (schema, from, to) => `ALTER INDEX ${schema}.${from} RENAME TO ${to}`,
  type: (schema, from, to) => `ALTER TYPE ${schema}.${from} RENAME TO ${to}`,
  domain: (schema, from, to) => `ALTER DOMAIN ${schema}.${from} RENAME TO ${to}`,
}

function renameStatement(id: StableId, from: string, to: string): ChangeStatement {
  const parent = namesOf(id).slice(0, -1)
  const rename = RENAMES[id.kind]
  const sql = rename?.(parent.map(quoteIdentifier).join('.'), quoteIdentifier(from), quoteIdentifier(to))
  const tables = 'table' in id ? [parent.join('.')] : [[...parent, from].join('.')]
  const isTable = 'table' in id || id.kind === 'table'
  return {
    sql: sql ?? '',
    loses: [],
    rewrites: false,
    casts: false,
    ...(isTable && { locks: { tables, against: 'reads and writes' } }),
  }
}

function namesOf(id: StableId): string[] {
  const { kind: _, ...parts } = id
  return Object.values(parts).filter(part => typeof part === 'string')
}

function lastName(id: StableId): string {
  return namesOf(id).at(-1) ?? nameOf(id)
}

/** `schema.table.column`, without its kind. */
export function fullName(id: StableId): string {
  return namesOf(id).join('.')
}
