import { setTimeout as pause } from 'node:timers/promises'
import { ScriptRunError } from '../errors/run-errors.ts'
import type { ScriptLimits } from '../ledger/transaction.ts'
import { quoteLiteral } from '../script/literal.ts'
import { type Blocker, readBlockers } from './blockers.ts'
import { type Part, sendAlone } from './script-parts.ts'
import type { Session } from './session.ts'

/** What holds for a statement that is run alone. */
interface LoneOptions {
  readonly limits: ScriptLimits
  readonly onBlocked: (blockers: readonly Blocker[]) => void
}

/**
 * Runs a statement that PostgreSQL allows no transaction, where a pooler gives it a session that is not ours: no limit
 * can be set there. A second connection watches, and cancels it when it waits for a lock, or runs, for longer than the
 * limits allow; without a connection to spare it runs without limits. Throws `ScriptRunError`.
 */
export async function runLoneStatement(
  session: Session,
  part: Part,
  { limits, onBlocked }: LoneOptions,
): Promise<void> {
  const ended = new AbortController()
  const watching = watch(session, part, { limits, onBlocked }, ended.signal).catch(() => undefined)
  try {
    await sendAlone(session, part)
  } catch (error) {
    ended.abort()
    const exceeded = await watching
    if (exceeded === undefined || !(error instanceof ScriptRunError)) throw error
    throw new ScriptRunError(exceeded, error.failure, { cause: error })
  } finally {
    ended.abort()
    await watching // a cancelling that is under way would meet the next statement
  }
}

const LOOK_EVERY_MS = 500

/** Gives the limit that was exceeded, in words; undefined when the statement ended by itself. */
async function watch(
  session: Session,
  { text }: Part,
  { limits, onBlocked }: LoneOptions,
  ended: AbortSignal,
): Promise<string | undefined> {
  await pause(LOOK_EVERY_MS, undefined, { signal: ended })
  const observer = await session.openAnother()
  try {
    for (let shown = ''; !ended.aborted; await pause(LOOK_EVERY_MS, undefined, { signal: ended })) {
      const [found] = await observer.query(overdue(text, limits))
      if (found?.['isWaiting'] === true) {
        const blockers = await readBlockers(observer, Number(found['pid']))
        const pids = blockers.map(({ pid }) => pid).join()
        if (pids !== shown && pids !== '') onBlocked(blockers)
        shown = pids
      }
      const limit = found?.['limit']
      if (typeof limit !== 'string' || ended.aborted) continue
      await session.cancel()
      return `canceled because of ${limit}`
    }
    return undefined
  } finally {
    await observer.close()
  }
}

/** The backend of our user that runs the statement, and which limit it has exceeded; `waitstart` is PostgreSQL 14's. */
function overdue(text: string, { lockTimeout, statementTimeout }: ScriptLimits): string {
  const exceeds = (since: string, limit: string) =>
    `interval '${limit}' > interval '0' and clock_timestamp() - ${since} > interval '${limit}'`
  return `
    select a.pid, l.pid is not null as "isWaiting", case
      when ${exceeds('l.waitstart', lockTimeout)} then 'lock_timeout'
      when ${exceeds('a.query_start', statementTimeout)} then 'statement_timeout' end as limit
    from pg_catalog.pg_stat_activity a left join pg_catalog.pg_locks l on l.pid = a.pid and not l.granted
    where a.datname = current_database() and a.usename = session_user and a.pid <> pg_backend_pid()
      and a.state = 'active' and pg_catalog.starts_with(a.query, ${quoteLiteral(text.slice(0, 50))})`
}
