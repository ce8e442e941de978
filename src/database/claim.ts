import { type Claim, StatementError } from '../errors/database-errors.ts'
import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'
import { splitStatements } from '../script/statements.ts'
import { mayCommitWithin } from '../script/transaction-control.ts'
import { runHasEnded } from './ledger-columns.ts'
import type { Session } from './session.ts'

/** A claim, and whether its run is dead: nobody was seen at it for so long, and taking it over can do no harm. */
export interface SeenClaim {
  readonly claim: Claim
  readonly isAbandoned: boolean
}

/** For how long nobody must be seen at a claim. A run that is alive pauses for less between two tries of a statement. */
const QUIET_MS = 5000
export const LONGEST_PAUSE_OF_CLAIM_MS = 2000

/**
 * Looks, each time it is called, for a run that is at a revision whose statements commit one by one; what it has seen
 * before tells it whether that run is dead. A statement in a transaction holds a lock on the ledger, and one outside
 * shows in `pg_stat_activity`; where neither can be seen, nothing is taken to be dead.
 */
export function claimWatch(session: Session, schema: string): () => Promise<SeenClaim | undefined> {
  let seen: { readonly key: string; readonly statement: string | undefined } | undefined
  let quietSince: number | undefined
  return async () => {
    const claim = await readClaim(session, schema)
    if (!claim) return undefined
    const key = `${claim.runId} ${claim.statementsDone}`
    if (seen?.key !== key) {
      seen = { key, statement: await readStatement(session, schema, claim) }
      quietSince = undefined
    }
    const isQuiet = seen.statement !== undefined && !(await isAtWork(session, schema, claim, seen.statement))
    quietSince = isQuiet ? (quietSince ?? performance.now()) : undefined
    return { claim, isAbandoned: quietSince !== undefined && performance.now() - quietSince >= QUIET_MS }
  }
}

/** The run that has claimed a revision and has not told its end. */
export async function readClaim(session: Session, schema: string): Promise<Claim | undefined> {
  const s = quoteIdentifier(schema)
  const [found] = await session.query(
    `select pg_catalog.to_regclass(${quoteLiteral(`${s}.revision`)}) is not null as exists`,
  )
  if (found?.['exists'] !== true) return undefined
  const [row] = await session.query(`
    select r.revision, r.run_id::text as "runId", r.applied_by as "user", r.statements_done as "statementsDone"
    from ${s}.revision r
    where r.state = 'pending' and not ${runHasEnded(s, 'r')}`)
  return row as Claim | undefined
}

/**
 * The statement at which the run of a claim is, empty when it has done all. Undefined for one that must not be run
 * twice and cannot be kept from it: a procedure may commit, so that no lock spans it, and a pooler may still hold it in
 * its queue. Of all others that need no transaction a second one fails, or does again what is done.
 */
async function readStatement(session: Session, schema: string, claim: Claim): Promise<string | undefined> {
  const [row] = await session.query(`
    select case pending_direction when 'up' then up_script else down_script end as script
    from ${quoteIdentifier(schema)}.revision where revision = ${quoteLiteral(claim.revision)}`)
  const statement = splitStatements(String(row?.['script'] ?? ''), session.server)[claim.statementsDone]
  if (!statement) return ''
  return mayCommitWithin(statement) ? undefined : statement.text
}

/** Statements on the way to building an index anew are ours too. */
async function isAtWork(
  session: Session,
  schema: string,
  { user }: Claim,
  statement: string,
): Promise<boolean> {
  const table = quoteLiteral(`${quoteIdentifier(schema)}.revision`)
  const start = quoteLiteral(statement.slice(0, 50))
  try {
    const [row] = await session.query(`
      select exists (select from pg_catalog.pg_locks
          where relation = ${table}::regclass and mode in ('RowShareLock', 'RowExclusiveLock')
            and database = (select oid from pg_catalog.pg_database where datname = current_database()))
        or exists (select from pg_catalog.pg_stat_activity
          where datname = current_database() and usename = ${quoteLiteral(user)} and pid <> pg_backend_pid()
            and (state is null or state = 'disabled' or state <> 'idle' and (query like 'drop index concurrently %'
              or ${start} <> '' and pg_catalog.starts_with(query, ${start})))) as "isAtWork"`)
    return row?.['isAtWork'] !== false
  } catch (error) {
    if (error instanceof StatementError) return true
    throw error
  }
}
