import type { StableId } from '@supabase/pg-delta/core'
import type { Action } from '@supabase/pg-delta/plan'
import type { Catalog } from './compare.ts'
import { loadPlanning } from './compare-package.ts'
import { nameOf } from './compare-words.ts'

/** One statement of a change, and what it does to those who use the database meanwhile. */
export interface ChangeStatement {
  /** Without semicolon. */
  readonly sql: string
  /** The objects whose data go. */
  readonly loses: readonly string[]
  /** Tables that were there before and are locked, and against what. */
  readonly locks?: { readonly tables: readonly string[]; readonly against: string }
  /** Whether a table may be written anew while it is locked. */
  readonly rewrites: boolean
  /** Whether values are cast to another type, which cuts off what it cannot hold. */
  readonly casts: boolean
}

/** What turns one schema into another. */
export interface Change {
  readonly statements: readonly ChangeStatement[]
  /** Whether all of it can run in one transaction. */
  readonly isTransactional: boolean
  /** Whether what comes after it can use what it makes only once it is committed. */
  readonly wantsCommit: boolean
  /** Whether a function's body may name what is made only after it. */
  readonly makesFunctions: boolean
}

/** Plans the statements that turn the first schema into the second, in the order in which they can run. */
export async function planChange(from: Catalog, to: Catalog): Promise<Change> {
  const { plan, formatSqlStatements } = await loadPlanning()
  const assumedRoles = [...from.roles, ...to.roles]
  const { actions, preamble } = plan(from.facts, to.facts, { assumedRoles })
  const formatted = formatSqlStatements(
    actions.map(({ sql }) => sql),
    { keywordCase: 'preserve', maxWidth: 160, alignColumns: false },
  )
  const isNew = newTables(actions)
  return {
    statements: actions.map((action, index) => describeAction(action, formatted[index] ?? action.sql, isNew)),
    isTransactional: actions.every(isTransactional),
    wantsCommit: actions.some(({ transactionality }) => transactionality === 'commitBoundaryAfter'),
    makesFunctions: preamble.some(({ name }) => name === 'check_function_bodies'),
  }
}

function describeAction(
  { lockClass, dataLoss, rewriteRisk, consumes, destroys, produces }: Action,
  sql: string,
  isNew: ReadonlySet<string>,
): ChangeStatement {
  const touched = new Set([...consumes, ...destroys, ...produces].flatMap(tableOf))
  const tables = [...touched].filter(table => !isNew.has(table))
  const against = LOCKS[lockClass]
  return {
    sql: sql.trimEnd().replace(/;$/, ''),
    loses: dataLoss === 'destructive' ? lostBy(destroys) : [],
    ...(against && tables.length > 0 && { locks: { tables, against } }),
    rewrites: rewriteRisk && tables.length > 0,
    casts: rewriteRisk && /\bTYPE\b.*\bUSING\b/s.test(sql),
  }
}

const LOCKS: Readonly<Record<Action['lockClass'], string | undefined>> = {
  none: undefined,
  shareUpdateExclusive: undefined,
  share: 'writes',
  shareRowExclusive: 'writes',
  accessExclusive: 'reads and writes',
}

function isTransactional({ transactionality, newSegmentBefore }: Action): boolean {
  return transactionality !== 'nonTransactional' && !newSegmentBefore
}

function newTables(actions: readonly Action[]): Set<string> {
  return new Set(actions.flatMap(({ produces }) => produces.filter(isTable).flatMap(tableOf)))
}

function isTable({ kind }: StableId): boolean {
  return kind === 'table' || kind === 'materializedView'
}

/** A table stands for its columns. */
function lostBy(destroyed: readonly StableId[]): string[] {
  const tables = new Set(destroyed.filter(isTable).flatMap(tableOf))
  const isPart = (id: StableId) => id.kind === 'column' && tableOf(id).some(table => tables.has(table))
  return destroyed.filter(id => holdsData(id) && !isPart(id)).map(nameOf)
}

function holdsData(id: StableId): boolean {
  return isTable(id) || id.kind === 'column' || id.kind === 'sequence'
}

function tableOf(id: StableId): string[] {
  if ('table' in id) return [`${id.schema}.${id.table}`]
  return isTable(id) && 'name' in id && 'schema' in id ? [`${id.schema}.${id.name}`] : []
}
