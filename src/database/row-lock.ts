import { type Claim, LedgerMovedError, type LockHolder, StatementError } from '../errors/database-errors.ts'
import { LEDGER_MOVED, type SharedRun, sharedFooting } from '../ledger/footing.ts'
import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'
import { claimWatch } from './claim.ts'
import { type LockWait, waitForLock } from './lock-wait.ts'
import type { Session } from './session.ts'
import type { Turn } from './turn.ts'

/**
 * The turn of a run behind a pooler, where nothing outlasts a transaction: each locks the ledger's one row, and finds
 * the ledger as the run has read it. The row is tried, never waited for inside the server: that would keep a
 * connection of the pool.
 */
export function sharedTurn(run: SharedRun, wait: LockWait): Turn {
  const footing = sharedFooting(run)
  return {
    footing,
    take: async <T>(session: Session, attempt: () => Promise<T>) => {
      const taken: T[] = []
      await waitForLock(wait, async () => {
        try {
          taken.push(await attempt())
          return 'had'
        } catch (error) {
          if (!(error instanceof StatementError)) throw error
          await session.rollBack()
          const { sqlState } = error.server
          if (sqlState === LEDGER_MOVED) throw new LedgerMovedError({ cause: error })
          if (sqlState !== LOCK_NOT_AVAILABLE) throw error
          return { holder: await readRowHolder(session, run.schema) }
        }
      })
      return taken[0] as T
    },
  }
}

/**
 * Waits while another run is at a revision whose statements commit one by one; the revision's row, as long as it is
 * pending and that run has not told its end, is its claim. Gives the claim of a run that turns out to be dead. Throws
 * `LockTimeoutError` and `RunInterruptedError`.
 */
export async function waitForClaims(
  session: Session,
  schema: string,
  wait: LockWait,
): Promise<Claim | undefined> {
  const look = claimWatch(session, schema)
  let abandoned: Claim | undefined
  await waitForLock(wait, async () => {
    const seen = await look()
    if (seen && !seen.isAbandoned) return { holder: seen.claim }
    abandoned = seen?.claim
    return 'had'
  })
  return abandoned
}

/** Whoever locks a row, the one of all or that of a claim, has this lock on the table. */
async function readRowHolder(session: Session, schema: string): Promise<LockHolder | undefined> {
  const tables = ['version', 'revision'].map(
    table => `${quoteLiteral(`${quoteIdentifier(schema)}.${table}`)}::regclass`,
  )
  const [row] = await session.query(`
    select a.pid, coalesce(a.application_name, '') as application, coalesce(a.usename, '') as "user",
      coalesce(host(a.client_addr), '') as address,
      coalesce(to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'an unknown time') as since
    from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a using (pid)
    where l.relation in (${tables.join(', ')}) and l.mode = 'RowShareLock'
      and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`)
  return row as LockHolder | undefined
}

const LOCK_NOT_AVAILABLE = '55P03'
