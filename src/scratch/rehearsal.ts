import type { RunnableStep } from '../database/runnable-step.ts'
import type { Session } from '../database/session.ts'
import { ConnectionError } from '../errors/connection-errors.ts'
import { ConnectionRefusedByServerError, SessionLostError } from '../errors/database-errors.ts'
import { RunLostError } from '../errors/run-errors.ts'
import { quoteLiteral } from '../script/literal.ts'
import { bothEnded } from './both-ended.ts'
import { dropDatabase, dropState, type KeptState } from './housekeeping.ts'
import type { Replay } from './replay.ts'
import type { ScratchServer } from './server.ts'
import { keepState, touch } from './state.ts'
import { keepTwin } from './twin.ts'

/** What is done in a session at a state, and undone again. */
export type Use<T> = (session: Session) => Promise<T>

/**
 * Gives both uses a session on a database that keeps the state after `steps`, some at least: at once where the state has a
 * twin, else one after the other; undefined when somebody else is at it. They must undo what they do there; a database
 * where they cannot, because a sequence went on, is kept no longer. Throws what a use throws, when both have ended; what
 * the first one throws before what the second one does.
 */
export async function atState<T>(
  server: ScratchServer,
  steps: readonly RunnableStep[],
  options: Replay,
  uses: readonly [Use<T>, Use<T>],
): Promise<readonly [T, T] | undefined> {
  const state = await keepState(server, steps, options)
  const key = `pg_catalog.hashtext(${quoteLiteral(state.name)})`
  const [lock] = await server.query(`select pg_catalog.pg_try_advisory_lock(${key}) as locked`)
  if (lock?.['locked'] !== true) return undefined
  try {
    return await underLock(server, state, options, uses)
  } catch (error) {
    if (isKeptOut(error)) return undefined
    throw error
  } finally {
    await server.query(`select pg_catalog.pg_advisory_unlock(${key})`)
  }
}

/** Copies that others make keep new sessions out of the state, and whoever drops it ends those that there are. */
function isKeptOut(error: unknown): boolean {
  const kinds = [ConnectionError, ConnectionRefusedByServerError, SessionLostError, RunLostError]
  return kinds.some(kind => error instanceof kind)
}

/** The lock is for the state and its twin together. */
async function underLock<T>(
  server: ScratchServer,
  state: KeptState,
  options: Replay,
  [one, other]: readonly [Use<T>, Use<T>],
): Promise<readonly [T, T]> {
  const twin = await keepTwin(server, state)
  const stays = await enter(server, twin === undefined ? [state.name] : [state.name, twin], options)
  const [{ session }, second] = stays
  try {
    const first = one(session)
    return await bothEnded([first, second ? other(second.session) : first.then(() => other(session))])
  } finally {
    await dropSpoiled(server, state, await leave(stays, options))
  }
}

/** What has spoiled the twin alone may do so again: it is made only when there was a rehearsal without that. */
async function dropSpoiled(
  server: ScratchServer,
  state: KeptState,
  spoiled: readonly string[],
): Promise<void> {
  if (spoiled.includes(state.name)) return dropState(server, state.name)
  for (const twin of spoiled) await dropDatabase(server, twin)
  const isRehearsed = spoiled.length === 0
  if (state.isRehearsed !== isRehearsed) await touch(server, { ...state, isRehearsed })
}

/** A session on one of the databases that keep a state, and how its sequences were when it began. */
interface Stay {
  readonly database: string
  readonly session: Session
  readonly sequences: string
}

/**
 * Enters all databases at once, or those that let us in, one at least: the server may have no room for two, and either will
 * do. Throws what the first of them throws when there is none.
 */
async function enter(
  server: ScratchServer,
  databases: readonly string[],
  options: Replay,
): Promise<readonly [Stay, ...Stay[]]> {
  const attempts = await Promise.allSettled(databases.map(database => stayAt(server, database, options)))
  const stays = attempts.flatMap(attempt => (attempt.status === 'fulfilled' ? [attempt.value] : []))
  const failures = attempts.flatMap(attempt => (attempt.status === 'rejected' ? [attempt.reason] : []))
  const [first, ...others] = stays
  if (first && failures.every(isKeptOut)) return [first, ...others]
  await Promise.all(stays.map(({ session }) => session.close()))
  throw failures.find(failure => !isKeptOut(failure)) ?? failures[0]
}

async function stayAt(server: ScratchServer, database: string, options: Replay): Promise<Stay> {
  const session = await server.connect(database)
  try {
    return { database, session, sequences: await readSequences(session, options) }
  } catch (error) {
    await session.close()
    throw error
  }
}

/** Ends the sessions; gives the databases that are not as before, or of which that cannot be told any more. */
async function leave(stays: readonly Stay[], options: Replay): Promise<readonly string[]> {
  const spoiled = await Promise.all(
    stays.map(async ({ database, session, sequences }) => {
      const isAsBefore = await readSequences(session, options).then(
        now => now === sequences,
        () => false,
      )
      await session.close()
      return isAsBefore ? [] : [database]
    }),
  )
  return spoiled.flat()
}

/** No rollback takes back what these have given; those of the ledger matter to nobody. */
async function readSequences(session: Session, { ledgerSchema }: Replay): Promise<string> {
  const rows = await session.query(`
    select schemaname, sequencename, last_value::text from pg_catalog.pg_sequences
    where schemaname <> ${quoteLiteral(ledgerSchema)} order by 1, 2`)
  return JSON.stringify(rows)
}
