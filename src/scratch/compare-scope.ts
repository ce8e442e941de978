import type { StableId } from '@supabase/pg-delta/core'

/** What of a database's catalog takes part in a comparison. */
export interface Scope {
  /** The ledger is no part of the schema. */
  readonly ledgerSchema: string
}

/** Whether an object, with all that hangs on it, takes part. */
export function isComparable(id: StableId, { ledgerSchema }: Scope): boolean {
  return schemaOf(id) !== ledgerSchema
}

function schemaOf(id: StableId): string | null {
  if ('target' in id) return schemaOf(id.target)
  if (id.kind === 'schema') return id.name
  return 'schema' in id ? id.schema : null
}
