import type { RunnableStep } from '../database/runnable-step.ts'
import type { Session } from '../database/session.ts'
import { ConnectionError } from '../errors/connection-errors.ts'
import { ConnectionRefusedByServerError, SessionLostError } from '../errors/database-errors.ts'
import { RunLostError } from '../errors/run-errors.ts'
import { quoteLiteral } from '../script/literal.ts'
import { dropDatabase } from './housekeeping.ts'
import type { Replay } from './replay.ts'
import type { ScratchServer } from './server.ts'
import { inDatabase, keepState } from './state.ts'

/**
 * Gives `use` a session on the very database that keeps the state after `steps`, some at least; undefined when somebody
 * else is at it. It must undo what it does there; where it cannot, because a sequence went on, the state is kept no longer.
 */
export async function atState<T>(
  server: ScratchServer,
  steps: readonly RunnableStep[],
  options: Replay,
  use: (session: Session) => Promise<T>,
): Promise<T | undefined> {
  const state = await keepState(server, steps, options)
  const key = `pg_catalog.hashtext(${quoteLiteral(state)})`
  const [lock] = await server.query(`select pg_catalog.pg_try_advisory_lock(${key}) as locked`)
  if (lock?.['locked'] !== true) return undefined
  let isAsBefore = true
  try {
    return await inDatabase(server, state, async session => {
      const before = await readSequences(session, options)
      try {
        return await use(session)
      } finally {
        isAsBefore = before === (await readSequences(session, options))
      }
    })
  } catch (error) {
    if (isKeptOut(error)) return undefined
    throw error
  } finally {
    if (!isAsBefore) await dropDatabase(server, state)
    await server.query(`select pg_catalog.pg_advisory_unlock(${key})`)
  }
}

/** Copies that others make keep new sessions out of the state, and whoever drops it ends those that there are. */
function isKeptOut(error: unknown): boolean {
  const kinds = [ConnectionError, ConnectionRefusedByServerError, SessionLostError, RunLostError]
  return kinds.some(kind => error instanceof kind)
}

/** No rollback takes back what these have given; those of the ledger matter to nobody. */
async function readSequences(session: Session, { ledgerSchema }: Replay): Promise<string> {
  const rows = await session.query(`
    select schemaname, sequencename, last_value::text from pg_catalog.pg_sequences
    where schemaname <> ${quoteLiteral(ledgerSchema)} order by 1, 2`)
  return JSON.stringify(rows)
}
