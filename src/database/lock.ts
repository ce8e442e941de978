import type { LockHolder } from '../errors/database-errors.ts'
import { lockKey, WITNESS_KEYS } from '../ledger/lock-key.ts'
import { NOTICE_LOST_CLIENT } from '../ledger/lost-client.ts'
import { type LockWait, waitForLock } from './lock-wait.ts'
import type { Session } from './session.ts'

/** What holding the lock has made of the session. */
export interface HeldLock {
  /** What comes behind SET to make the session's own settings again. */
  readonly settings: readonly string[]
}

/**
 * Holds the session's advisory lock over the ledger in `schema` while `use` runs; runs over different ledgers do not
 * exclude each other, and the server soon notices when the holder is gone. It is tried, never waited for inside the
 * server: a blocked session keeps a snapshot, and a CREATE INDEX CONCURRENTLY of the holder would wait for it for ever.
 * Throws `LockTimeoutError` and `RunInterruptedError`.
 */
export async function withLock<T>(
  session: Session,
  schema: string,
  wait: LockWait,
  use: (held: HeldLock) => Promise<T>,
): Promise<T> {
  const key = lockKey(schema)
  const held = { settings: [] as readonly string[] }
  await waitForLock(wait, () => attempt(session, key, held))
  let result: T
  try {
    result = await use(held)
  } catch (error) {
    await release(session, key).catch(() => {}) // a lost session has released it already
    throw error
  }
  await release(session, key)
  return result
}

/** Who holds the lock over the ledger in `schema` now; undefined when nobody does. */
export function readLockHolder(session: Session, schema: string): Promise<LockHolder | undefined> {
  return readHolder(session, lockKey(schema))
}

async function attempt(session: Session, key: string, held: { settings: readonly string[] }) {
  const [row] = await session.query(`select ${NOTICE_LOST_CLIENT} as settings,
    case when pg_catalog.pg_try_advisory_lock(${key}) then pg_catalog.pg_try_advisory_lock(${WITNESS_KEYS}) end as locked`)
  if (row?.['locked'] !== true) return { holder: await readHolder(session, key) }
  held.settings = row['settings'] as readonly string[]
  return 'had' as const
}

async function release(session: Session, key: string): Promise<void> {
  await session.query(
    `select pg_catalog.pg_advisory_unlock(${key}), pg_catalog.pg_advisory_unlock(${WITNESS_KEYS})`,
  )
}

/** How `pg_locks` shows a 64-bit key: two halves, and `objsubid` 1. */
async function readHolder(session: Session, key: string): Promise<LockHolder | undefined> {
  const [row] = await session.query(`
    select a.pid, coalesce(a.application_name, '') as application, coalesce(a.usename, '') as "user",
      coalesce(host(a.client_addr), '') as address,
      coalesce(to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'an unknown time') as since
    from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a using (pid)
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1
      and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
      and (l.classid::bigint << 32 | l.objid::bigint) = ${key}`)
  return row as LockHolder | undefined
}
