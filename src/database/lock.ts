import { setTimeout as pause } from 'node:timers/promises'
import { type LockHolder, LockTimeoutError } from '../errors/database-errors.ts'
import { RunInterruptedError } from '../errors/run-errors.ts'
import { lockKey } from '../ledger/lock-key.ts'
import type { Session } from './session.ts'

export interface LockOptions {
  /** The ledger's schema: runs over different ledgers do not exclude each other. */
  readonly schema: string
  /** Milliseconds. 0: one try. */
  readonly waitMs: number
  /** Called when the lock is not had at once, and again whenever the holder changes. */
  readonly onWaiting: (holder: LockHolder | undefined) => void
  /** Ends the waiting; its reason is the name of a signal. */
  readonly stop?: AbortSignal | undefined
}

/**
 * Holds the session's advisory lock while `use` runs. It is tried, never waited for inside the server: a
 * blocked session keeps a snapshot, and a CREATE INDEX CONCURRENTLY of the holder would wait for it for ever.
 * Throws `LockTimeoutError` and `RunInterruptedError`.
 */
export async function withLock<T>(session: Session, options: LockOptions, use: () => Promise<T>): Promise<T> {
  const key = lockKey(options.schema)
  await acquire(session, key, options)
  let result: T
  try {
    result = await use()
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

async function acquire(session: Session, key: string, options: LockOptions): Promise<void> {
  const deadline = performance.now() + options.waitMs
  let shown: number | undefined
  for (;;) {
    const [row] = await session.query(`select pg_catalog.pg_try_advisory_lock(${key}) as locked`)
    if (row?.['locked'] === true) return
    const holder = await readHolder(session, key)
    if (performance.now() >= deadline) throw new LockTimeoutError(options.waitMs, holder)
    if (shown === undefined || (holder && holder.pid !== shown)) options.onWaiting(holder)
    shown = holder?.pid ?? 0
    const pauseMs = Math.min(jitteredPause(), Math.max(0, deadline - performance.now()))
    await pause(pauseMs, undefined, { signal: options.stop }).catch(() => {
      throw new RunInterruptedError(String(options.stop?.reason), [])
    })
  }
}

/** Milliseconds; spread, so that many waiting runs do not ask at the same instants. */
function jitteredPause(): number {
  return 100 + Math.random() * 200
}

async function release(session: Session, key: string): Promise<void> {
  await session.query(`select pg_catalog.pg_advisory_unlock(${key})`)
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
