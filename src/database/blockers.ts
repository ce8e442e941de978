import { setTimeout as pause } from 'node:timers/promises'
import type { Session } from './session.ts'

/** A backend that keeps another one waiting. */
export interface Blocker {
  readonly pid: number
  readonly user: string
  readonly application: string
  /** `active`, `idle in transaction`, … */
  readonly state: string
  /** The last statement it sent, on one line and shortened; empty when the server hides it. */
  readonly query: string
  /** How long its transaction has been open. */
  readonly ageSeconds: number
}

/**
 * Does `work` on `session`, and when it takes longer than `afterMs` looks every second, over a connection of its own,
 * for what keeps it waiting; without an `afterMs`, never. `onBlocked` is called whenever that changes. That nothing can be seen stops nothing.
 */
export async function watchBlockers<T>(
  session: Session,
  {
    afterMs,
    onBlocked,
  }: { readonly afterMs: number | undefined; readonly onBlocked: (blockers: readonly Blocker[]) => void },
  work: () => Promise<T>,
): Promise<T> {
  if (afterMs === undefined) return work()
  let ended: AbortController | undefined
  const start = setTimeout(() => {
    ended = new AbortController()
    watch(session, onBlocked, ended.signal).catch(() => {})
  }, afterMs)
  try {
    return await work()
  } finally {
    clearTimeout(start)
    ended?.abort()
  }
}

async function watch(
  session: Session,
  onBlocked: (blockers: readonly Blocker[]) => void,
  ended: AbortSignal,
): Promise<void> {
  const observer = await session.openAnother()
  try {
    let shown = ''
    while (!ended.aborted) {
      const blockers = await readBlockers(observer, session.server.backendPid)
      const pids = blockers.map(({ pid }) => pid).join()
      if (pids !== shown && pids !== '' && !ended.aborted) onBlocked(blockers)
      shown = pids
      await pause(1000, undefined, { signal: ended }).catch(() => {}) // the condition says it
    }
  } finally {
    await observer.close()
  }
}

/** The backends that `pid` waits for, as `pg_blocking_pids` gives them. */
export async function readBlockers(session: Session, pid: number): Promise<readonly Blocker[]> {
  const rows = await session.query(`
    select a.pid, coalesce(a.usename, '') as "user", coalesce(a.application_name, '') as application,
      coalesce(a.state, '') as state, left(regexp_replace(coalesce(a.query, ''), '\\s+', ' ', 'g'), 200) as query,
      coalesce(extract(epoch from clock_timestamp() - a.xact_start), 0)::float8 as "ageSeconds"
    from pg_catalog.pg_stat_activity a
    where a.pid = any (pg_catalog.pg_blocking_pids(${pid}))
    order by a.xact_start`)
  return rows as unknown as readonly Blocker[]
}
