import type { DependencyEdge, Fact, FactBase, StableId } from '@supabase/pg-delta/core'

/** What of a database's catalog takes part in a comparison. */
export interface Scope {
  /** The ledger is no part of the schema. */
  readonly ledgerSchema: string
  /** Between two servers: who owns what, and which roles there are, is a matter of the server. */
  readonly ignoresOwners?: boolean
  /** Whether the scripts touch roles; if not, those that come and go are somebody else's. */
  readonly hasOwnRoles?: boolean
  /** Whether what is to be read is not committed, and the transaction must go on. */
  readonly isInTransaction?: boolean
}

/** The objects and edges that take part. */
export function comparablePart(
  catalog: FactBase,
  { ledgerSchema, ignoresOwners = false, hasOwnRoles = false }: Scope,
): { readonly facts: Fact[]; readonly edges: DependencyEdge[] } {
  const facts = catalog
    .facts()
    .filter(({ id }) => schemaOf(id) !== ledgerSchema && (hasOwnRoles || !isOfServer(id)))
  if (!ignoresOwners) return { facts, edges: [...catalog.edges] }
  return {
    facts: facts.filter(
      ({ id }) => !isOfServer(id) && id.kind !== 'defaultPrivilege' && !isOwnersGrant(id, catalog),
    ),
    edges: catalog.edges.filter(({ kind }) => kind !== 'owner'),
  }
}

/** Roles, and what hangs on them. */
function isOfServer(id: StableId): boolean {
  return id.kind === 'role' || id.kind === 'membership' || ('target' in id && isOfServer(id.target))
}

function schemaOf(id: StableId): string | null {
  if ('target' in id) return schemaOf(id.target)
  if (id.kind === 'schema') return id.name
  return 'schema' in id ? id.schema : null
}

function isOwnersGrant(id: StableId, catalog: FactBase): boolean {
  if (id.kind !== 'acl') return false
  // Who owns the schema public since PostgreSQL 15.
  if (id.grantee === 'pg_database_owner') return true
  const owners = catalog.outgoingEdges(id.target).filter(({ kind }) => kind === 'owner')
  return owners.some(({ to }) => to.kind === 'role' && to.name === id.grantee)
}
