import { createHash } from 'node:crypto'
import type { RunnableStep } from '../database/runnable-step.ts'
import type { RunnableScript } from '../database/script-parts.ts'
import type { Session } from '../database/session.ts'
import { StatementError } from '../errors/database-errors.ts'
import { statementIdentity } from '../script/kept-text.ts'
import { quoteIdentifier } from '../script/literal.ts'
import {
  dropDatabase,
  dropOldStates,
  type KeptState,
  keptStates,
  scratchName,
  stateName,
  touchState,
  twinName,
} from './housekeeping.ts'
import { type Replay, replay } from './replay.ts'
import { touchesRoles, withOwnRoles } from './roles.ts'
import type { ScratchServer } from './server.ts'

/**
 * Gives `use` a database of its own in which exactly `steps` were run; without steps, an empty one. The state is kept
 * on the server for the next time, as far as no roles come into it. With roles, uses must not be nested: each waits for
 * the one before. Throws what `replay` throws.
 */
export async function withState<T>(
  server: ScratchServer,
  steps: readonly RunnableStep[],
  options: Replay,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  if (!options.hasOwnRoles) return onCopy(server, steps, options, use)
  const first = steps.findIndex(touchesRoles)
  const kept = first < 0 ? steps.length : first
  return withOwnRoles(server, () =>
    onCopy(server, steps.slice(0, kept), options, async session => {
      await replay(session, steps.slice(kept), options)
      return use(session)
    }),
  )
}

async function onCopy<T>(
  server: ScratchServer,
  steps: readonly RunnableStep[],
  options: Replay,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const working = await copyState(server, steps, options)
  try {
    return await inDatabase(server, working, use)
  } finally {
    await dropDatabase(server, working)
  }
}

/**
 * Keeps the state after `steps`, some at least, made from the longest kept beginning of theirs. Another process may drop an
 * old state that was just seen: then it is looked for anew.
 */
export async function keepState(
  server: ScratchServer,
  steps: readonly RunnableStep[],
  options: Replay,
): Promise<KeptState> {
  for (;;) {
    const state = await findOrMakeState(server, steps, options).catch(
      unless(MISSING_DATABASE, DATABASE_IN_USE),
    )
    if (state !== undefined) return state
  }
}

async function findOrMakeState(
  server: ScratchServer,
  steps: readonly RunnableStep[],
  options: Replay,
): Promise<KeptState> {
  const names = stateKeys(steps, options.ledgerSchema).map(stateName)
  const start = await longestKept(server, names)
  const name = names.at(-1) ?? EMPTY.name
  if (name === start.name) return start
  const working = await copyDatabase(server, start.name)
  try {
    const rest = steps.slice(names.indexOf(start.name) + 1)
    await inDatabase(server, working, session => replay(session, rest, options))
    // What is left of an earlier one, which somebody has dropped, need not be the same to the last row.
    await dropDatabase(server, twinName(name))
    await server.query(renameDatabase(working, name)).catch(unless(...MADE_AT_ONCE))
  } finally {
    await dropDatabase(server, working)
  }
  await dropOldStates(server)
  return { ...NEW, name }
}

/**
 * One key for the state after each of the steps: what was run up to there, in that order, and nothing else. A
 * revision that only moved to another parent leaves them as they are.
 */
export function stateKeys(steps: readonly RunnableStep[], ledgerSchema: string): string[] {
  let key = digest([ledgerSchema])
  return steps.map(({ revision, direction, transaction, script, verify }) => {
    const texts = [script, verify].map(each => (each ? identities(each) : []))
    key = digest([key, revision, direction, transaction, ...texts])
    return key
  })
}

const NEW = { isRehearsed: false, hasTwin: false }
const EMPTY: KeptState = { ...NEW, name: 'template0' }

/** The last of the states that there is, which counts as used now; without any, the empty one. */
async function longestKept(server: ScratchServer, names: readonly string[]): Promise<KeptState> {
  const present = await keptStates(server)
  const state = names.flatMap(name => present.get(name) ?? []).at(-1)
  if (state === undefined) return EMPTY
  await touch(server, state)
  return state
}

/** Says on the server that a state was used now, unless another process is just saying so. */
export async function touch({ query }: ScratchServer, state: KeptState): Promise<void> {
  await query(touchState(state)).catch(unless(TOUCHED_AT_ONCE))
}

/**
 * Another process may drop an old state right before it is copied: then it is made once more. One that rehearses at it
 * keeps it from being copied: then it is waited for.
 */
async function copyState(
  server: ScratchServer,
  steps: readonly RunnableStep[],
  options: Replay,
): Promise<string> {
  for (;;) {
    const { name } = await keepState(server, steps, options)
    const copy = await copyDatabase(server, name).catch(unless(MISSING_DATABASE, DATABASE_IN_USE))
    if (copy !== undefined) return copy
  }
}

async function copyDatabase({ query }: ScratchServer, template: string): Promise<string> {
  const name = scratchName()
  await query(`create database ${quoteIdentifier(name)} template ${quoteIdentifier(template)}`)
  return name
}

/** Gives `use` a session on one of the server's databases. */
export async function inDatabase<T>(
  server: ScratchServer,
  database: string,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await server.connect(database)
  try {
    return await use(session)
  } finally {
    await session.close()
  }
}

function renameDatabase(from: string, to: string): string {
  return `alter database ${quoteIdentifier(from)} rename to ${quoteIdentifier(to)}; ${touchState({ ...NEW, name: to })}`
}

/** "tuple concurrently updated" */
const TOUCHED_AT_ONCE = 'XX000'
/** The name is taken, or is being taken. */
const MADE_AT_ONCE = ['42P04', '23505', TOUCHED_AT_ONCE]
const MISSING_DATABASE = '3D000'
/** The server has waited some seconds then. */
const DATABASE_IN_USE = '55006'

/** Passes over errors of the server that another process is the cause of. */
function unless(...sqlStates: readonly string[]): (error: unknown) => undefined {
  return error => {
    if (!(error instanceof StatementError && sqlStates.includes(error.server.sqlState))) throw error
  }
}

/** The statements of a script, the data of its COPYs included, without its header. */
function identities(script: RunnableScript): string[] {
  return script.statements.map(statement => statementIdentity(script, statement))
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
