import { SqlbraidError } from './sqlbraid-error.ts'

/** The role of the settings does not exist, or the user who logs in may not become it. */
export class RoleRefusedError extends SqlbraidError {
  readonly code = 'ROLE_REFUSED'
  override readonly suggestions: readonly string[]
  readonly role: string
  readonly user: string

  constructor(role: string, user: string, problem: 'missing' | 'not a member', options?: ErrorOptions) {
    super(
      problem === 'missing'
        ? `The role "${role}" to migrate as does not exist on the server.`
        : `The user "${user}" may not become the role "${role}" to migrate as: it is not a member of it.`,
      options,
    )
    this.role = role
    this.user = user
    this.suggestions =
      problem === 'missing'
        ? [`create role ${quotedName(role)};`]
        : [`grant ${quotedName(role)} to ${quotedName(user)};`]
  }
}

/** The session is another role than was asked for: something between us and the server dropped it from the login. */
export class RoleNotAssumedError extends SqlbraidError {
  readonly code = 'ROLE_NOT_ASSUMED'
  override readonly suggestions = ['Connect to the server itself, or let the pooler pass "role" on']
  readonly role: string
  readonly actual: string

  constructor(role: string, actual: string) {
    super(
      `The session is "${actual}", not the role "${role}" to migrate as; is there a connection pooler in between?`,
    )
    this.role = role
    this.actual = actual
  }
}

/** What the ledger is for somebody who has too few rights. */
type LedgerUse = 'read' | 'write' | 'create'

/** The rights on the ledger do not suffice; the suggestions are the grants that do. */
export class LedgerRightsError extends SqlbraidError {
  readonly code = 'LEDGER_RIGHTS_MISSING'
  override readonly suggestions: readonly string[]
  readonly schema: string
  readonly role: string

  constructor(use: LedgerUse, facts: LedgerRights, options?: ErrorOptions) {
    super(
      `The role "${facts.role}" may not ${use} the ledger, schema "${facts.schema}" of the database "${facts.database}".`,
      options,
    )
    this.schema = facts.schema
    this.role = facts.role
    this.suggestions = GRANTS[use](quotedName(facts.schema), quotedName(facts.role), facts)
  }
}

export interface LedgerRights {
  readonly schema: string
  readonly schemaExists: boolean
  readonly database: string
  /** Who we are to the server. */
  readonly role: string
}

const AS_OWNER = 'or be the role that owns the ledger: role = "…" in sqlbraid.toml'

type Grants = (schema: string, role: string, facts: LedgerRights) => readonly string[]

const GRANTS: Readonly<Record<LedgerUse, Grants>> = {
  read: (schema, role) => [
    `grant usage on schema ${schema} to ${role}; grant select on all tables in schema ${schema} to ${role};`,
    AS_OWNER,
  ],
  write: (schema, role) => [
    `grant usage on schema ${schema} to ${role}; grant select, insert, update, delete on all tables in schema ${schema} to ${role};`,
    AS_OWNER,
  ],
  create: (schema, role, { schemaExists, database }) =>
    schemaExists
      ? [`grant usage, create on schema ${schema} to ${role};`]
      : [
          `create schema ${schema} authorization ${role};`,
          `or grant create on database ${quotedName(database)} to ${role};`,
        ],
}

function quotedName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
