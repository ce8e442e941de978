import { LedgerMovedError, LedgerTooNewError, StatementError } from '../errors/database-errors.ts'
import { type LedgerRights, LedgerRightsError } from '../errors/role-errors.ts'
import { LEDGER_TABLES, LEDGER_VERSION, ledgerUpgrade } from '../ledger/ledger-schema.ts'
import type { RevisionId } from '../revision/revision.ts'
import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'
import { columnsQuery, type LedgerColumns, revisionsIn } from './ledger-columns.ts'
import type { Session } from './session.ts'

/** One row of the ledger, without its scripts. */
export interface LedgerRevision {
  readonly id: RevisionId
  readonly parents: readonly RevisionId[]
  readonly depends: readonly string[]
  readonly labels: readonly string[]
  readonly message: string
  readonly created: string
  readonly checksum: string
  /** Set while a revision whose statements commit one by one has not finished. */
  readonly pending?: PendingRun
  /** ISO 8601, UTC. */
  readonly appliedAt: string
  readonly appliedBy: string
  readonly runId: string
  readonly hasDown: boolean
}

export interface PendingRun {
  readonly direction: 'up' | 'down'
  readonly statementsDone: number
  /** Whether the run that was at it has told its end: a killed one cannot. */
  readonly hasEnded: boolean
}

/** What one database has, in the order it was applied. Version 0: it has no ledger yet. */
export interface Ledger {
  readonly version: number
  readonly revisions: readonly LedgerRevision[]
  /** The newest event that changed the applied set; 0 before the first. */
  readonly lastEvent: number
  /** Whether our rights suffice to record what is done. */
  readonly isWritable: boolean
}

/** The scripts a revision was applied with. */
export interface KeptScripts {
  readonly up: string
  readonly down?: string
}

/** Reads the ledger in one round trip and writes nothing. Throws `LedgerTooNewError` and `LedgerRightsError`. */
export async function readLedger(session: Session, schema: string): Promise<Ledger> {
  try {
    const [row = {}] = await session.query(ledgerQuery(quoteIdentifier(schema)))
    const { version: found = 0, last_event: lastEvent, is_writable: isWritable, ...columns } = row
    const version = Number(found)
    if (version > LEDGER_VERSION) throw new LedgerTooNewError(schema, version, LEDGER_VERSION)
    return {
      version,
      lastEvent: Number(lastEvent ?? 0),
      revisions: columns['id'] ? revisionsIn(columns as unknown as LedgerColumns) : [],
      isWritable: isWritable === true,
    }
  } catch (error) {
    if (isMissing(error)) return NO_LEDGER
    if (isForbidden(error))
      throw new LedgerRightsError('read', await readRights(session, schema), { cause: error })
    throw error
  }
}

/** Of a database that no run has touched. */
export const NO_LEDGER: Ledger = { version: 0, revisions: [], lastEvent: 0, isWritable: true }

/** Throws `LedgerRightsError` when what a run does could not be recorded. */
export async function requireWritableLedger(session: Session, schema: string, ledger: Ledger): Promise<void> {
  if (!ledger.isWritable) throw new LedgerRightsError('write', await readRights(session, schema))
}

/**
 * Creates the ledger, or brings an older one up to date; as `role`, if there is one, for this transaction. Without it, tells
 * whether the database held nothing before, and nobody else is in it. Throws `LedgerRightsError`, and `LedgerMovedError` when
 * another run has done it meanwhile, which a lock of the caller's would exclude.
 */
export async function createLedger(
  session: Session,
  schema: string,
  version: number,
  role?: string,
): Promise<boolean> {
  if (version === LEDGER_VERSION) return false
  const assume = role === undefined ? '' : `set local role ${quoteIdentifier(role)};`
  const mayBeNew = version === 0 && role === undefined
  try {
    const [row] = await session.query(
      `begin;${assume}\n${ledgerUpgrade(schema, version)}\ncommit;${mayBeNew ? isNewQuery(schema) : ''}`,
    )
    return row?.['isNew'] === true
  } catch (error) {
    if (!isForbidden(error) && !isMadeAlready(error)) throw error
    await session.rollBack()
    if (isMadeAlready(error)) throw new LedgerMovedError({ cause: error })
    throw new LedgerRightsError('create', await readRights(session, schema), { cause: error })
  }
}

/** Where a transaction may last only so long, what is done in several had better not be done in one. */
function isNewQuery(schema: string): string {
  const tables = LEDGER_TABLES.map(
    table => `${quoteLiteral(`${quoteIdentifier(schema)}.${table}`)}::regclass`,
  )
  return `select coalesce(pg_catalog.current_setting('transaction_timeout', true), '0') = '0'
    and not exists (select from pg_catalog.pg_class
      where oid >= ${FIRST_USER_OID} and relkind in ('r', 'p', 'f', 'm', 'v') and oid not in (${tables.join(', ')}))
    and not exists (select from pg_catalog.pg_stat_get_activity(null)
      where datid = (select oid from pg_catalog.pg_database where datname = current_database())
        and pid <> pg_catalog.pg_backend_pid() and backend_type is distinct from 'autovacuum worker') as "isNew"`
}

/** FirstNormalObjectId of PostgreSQL (access/transam.h): what initdb makes has smaller ones. */
const FIRST_USER_OID = 16_384

/** The scripts kept of `ids`, by id. */
export async function readKeptScripts(
  session: Session,
  schema: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KeptScripts>> {
  if (ids.length === 0) return new Map()
  const rows = await session.query(
    `select revision, up_script, down_script from ${quoteIdentifier(schema)}.revision
     where revision in (${ids.map(quoteLiteral).join(', ')})`,
  )
  return new Map(
    rows.map(row => {
      const down = row['down_script'] as string | null
      return [String(row['revision']), { up: String(row['up_script']), ...(down === null ? {} : { down }) }]
    }),
  )
}

/** The revisions of the applied set: whole, or not yet wholly reverted. */
export function appliedIds(ledger: Ledger): RevisionId[] {
  return ledger.revisions
    .filter(revision => revision.pending?.direction !== 'up')
    .map(revision => revision.id)
}

/**
 * One row, whatever is applied. It must look cheap to the planner, which does not know that there is but one version: a join
 * with the revisions, or a look at the events for each of them, is more than servers with JIT run before they have
 * compiled it, which takes 200 ms.
 */
function ledgerQuery(schema: string): string {
  const table = quoteLiteral(`${schema}.revision`)
  const mayOnRevision = (right: string) => `pg_catalog.has_table_privilege(${table}, '${right}')`
  return `
    select v.version, (select max(event) from ${schema}.event where outcome = 'done') as last_event,
      ${['insert', 'update', 'delete'].map(mayOnRevision).join(' and ')}
        and pg_catalog.has_table_privilege(${quoteLiteral(`${schema}.event`)}, 'insert') as is_writable,
      applied.*
    from ${schema}.version v, (${columnsQuery(schema)}) applied`
}

async function readRights(session: Session, schema: string): Promise<LedgerRights> {
  const [row] = await session.query(`
    select current_user as role, current_database() as database,
      exists (select from pg_catalog.pg_namespace where nspname = ${quoteLiteral(schema)}) as "schemaExists"`)
  return { schema, ...(row as Omit<LedgerRights, 'schema'>) }
}

const UNDEFINED_TABLE = '42P01'
const UNDEFINED_SCHEMA = '3F000'
const INSUFFICIENT_PRIVILEGE = '42501'

/** Of two that create the same at the same time, one meets the other's rows in the catalog. */
const MADE_ALREADY = ['23505', '42P06', '42P07', '42710']

function isMissing(error: unknown): boolean {
  return (
    error instanceof StatementError && [UNDEFINED_TABLE, UNDEFINED_SCHEMA].includes(error.server.sqlState)
  )
}

function isMadeAlready(error: unknown): error is StatementError {
  return error instanceof StatementError && MADE_ALREADY.includes(error.server.sqlState)
}

function isForbidden(error: unknown): boolean {
  return error instanceof StatementError && error.server.sqlState === INSUFFICIENT_PRIVILEGE
}
