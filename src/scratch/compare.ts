import type { FactBase } from '@supabase/pg-delta/core'
import type { Session } from '../database/session.ts'
import { StatementError } from '../errors/database-errors.ts'
import type { SchemaChange } from '../errors/proof-errors.ts'
import { loadExtraction, loadPlanning } from './compare-package.ts'
import { type Ask, poolOf } from './compare-pool.ts'
import { askAtOnce, askingMore } from './compare-questions.ts'
import { comparablePart, type Scope } from './compare-scope.ts'
import type { Sides } from './compare-values.ts'
import { describeChanges } from './compare-words.ts'

/** The schema of one database at one time; made by `readCatalog`, understood by `compareCatalogs`. */
export interface Catalog {
  readonly facts: FactBase
  /** All roles of its server, which grants may name although roles take no part. */
  readonly roles: readonly string[]
  /** What the database holds that cannot be compared, one sentence for each kind. */
  readonly notCompared: readonly string[]
}

/** What one catalog has otherwise than another. */
export interface Difference {
  /** Empty when the schemas are the same. */
  readonly changes: readonly SchemaChange[]
  /** The statements that turn the first schema into the second. */
  readonly sql: string
  /** Tables whose columns are the same but stand in another order; not a change. */
  readonly columnOrder: readonly string[]
}

/**
 * Reads the catalog of the session's database, without the ledger. Throws `ComparePackageMissingError`, and what
 * the session throws.
 */
export async function readCatalog(session: Session, scope: Scope): Promise<Catalog> {
  const answers = await askAtOnce(session, scope).catch(async (error: unknown) => {
    if (scope.isInTransaction || !(error instanceof StatementError)) throw error
    // A question is out of place by now.
    await session.rollBack()
    return new Map()
  })
  return understandCatalog(askingMore(session, answers, scope), scope)
}

/** The catalog that the answers to pg-delta's questions describe. */
export async function understandCatalog(ask: Ask, scope: Scope): Promise<Catalog> {
  const { extract, buildFactBase } = await loadExtraction()
  const { factBase, diagnostics } = await extract(poolOf(ask))
  const { facts, edges } = comparablePart(factBase, scope)
  return {
    // Who owns what is seen even where the owner itself takes no part.
    facts: buildFactBase(facts, edges, undefined, undefined, {
      allowDangling: ({ kind }) => kind === 'owner',
    }),
    roles: factBase.facts().flatMap(({ id }) => (id.kind === 'role' ? [id.name] : [])),
    notCompared: diagnostics
      .filter(({ severity, code }) => severity !== 'info' && code !== 'dangling_edge')
      .map(({ message }) => message),
  }
}

/** What must be done to the first catalog to have the second; `sides` is what the two are called in words. */
export async function compareCatalogs(from: Catalog, to: Catalog, sides: Sides): Promise<Difference> {
  const columnOrder = reorderedTables(from.facts, to.facts)
  if (from.facts.rootHash === to.facts.rootHash) return { changes: [], sql: '', columnOrder }
  const { plan } = await loadPlanning()
  const { deltas, actions } = plan(from.facts, to.facts, { assumedRoles: [...from.roles, ...to.roles] })
  const sql = actions.map(({ sql }) => `${sql.trimEnd().replace(/;$/, '')};`).join('\n')
  return { changes: describeChanges(deltas, sides), sql, columnOrder }
}

function reorderedTables(from: FactBase, to: FactBase): string[] {
  const before = columnsByTable(from)
  const after = columnsByTable(to)
  return [...before].flatMap(([table, columns]) => {
    const others = after.get(table) ?? []
    const isReordered = columns.length === others.length && columns.some((name, at) => name !== others[at])
    return isReordered && columns.every(name => others.includes(name)) ? [table] : []
  })
}

/** Names of columns in their order, by qualified table. */
function columnsByTable(facts: FactBase): Map<string, string[]> {
  const tables = new Map<string, { name: string; position: number }[]>()
  for (const { id, payload } of facts.facts()) {
    if (id.kind !== 'column') continue
    const table = `${id.schema}.${id.table}`
    const column = { name: id.name, position: Number(payload['_position']) }
    tables.set(table, [...(tables.get(table) ?? []), column])
  }
  const ordered = [...tables].map(([table, columns]) => {
    columns.sort((one, other) => one.position - other.position)
    return [table, columns.map(({ name }) => name)] as const
  })
  return new Map(ordered)
}
