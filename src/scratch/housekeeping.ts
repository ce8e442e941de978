import { createHash, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'
import type { ScratchServer } from './server.ts'

/** How many states are kept on a server; the ones longest unused go. */
export const MOST_STATES = 32

/** A state that is kept. */
export interface KeptState {
  /** That of its database. */
  readonly name: string
  /** Whether somebody has rehearsed at it, and the last one left it, and its twin, as they were. */
  readonly isRehearsed: boolean
  readonly hasTwin: boolean
}

const USED_ONCE = 'sqlbraid_scratch_'
const STATE = 'sqlbraid_state_'
const TWIN = 'sqlbraid_twin_'

/** A name for a database of one use, that says which process of which machine made it, and when. */
export function scratchName(): string {
  return [USED_ONCE + thisHost(), process.pid, Date.now(), randomBytes(4).toString('hex')].join('_')
}

/** The name of the database that keeps the state of this key. */
export function stateName(key: string): string {
  return STATE + key.slice(0, 32)
}

/** The name of the database that is a state's twin. */
export function twinName(state: string): string {
  return TWIN + state.slice(STATE.length)
}

/** All states that are kept, by their names. */
export async function keptStates(server: ScratchServer): Promise<ReadonlyMap<string, KeptState>> {
  const databases = await listDatabases(server, STATE, TWIN)
  const names = new Set(databases.map(({ name }) => name))
  const states = databases.filter(({ name }) => name.startsWith(STATE))
  return new Map(
    states.map(({ name, comment }) => [
      name,
      { name, isRehearsed: comment.endsWith(REHEARSED), hasTwin: names.has(twinName(name)) },
    ]),
  )
}

/** SQL that says that a state was used now. */
export function touchState({ name, isRehearsed }: Pick<KeptState, 'name' | 'isRehearsed'>): string {
  const remark = `last used ${new Date().toISOString()}${isRehearsed ? REHEARSED : ''}`
  return `comment on database ${quoteIdentifier(name)} is ${quoteLiteral(remark)}`
}

const REHEARSED = ', rehearsed at'

/** Drops the databases of processes that ended without dropping them. */
export async function dropAbandoned(server: ScratchServer): Promise<void> {
  for (const { name } of await listDatabases(server, USED_ONCE))
    if (isAbandoned(name)) await dropDatabase(server, name)
}

/** Drops the states longest unused, until the bound is kept, and twins that have no state any more. */
export async function dropOldStates(server: ScratchServer): Promise<void> {
  const databases = await listDatabases(server, STATE, TWIN)
  const states = databases.filter(({ name }) => name.startsWith(STATE))
  const newestFirst = states.sort((one, other) => other.comment.localeCompare(one.comment))
  for (const { name } of newestFirst.slice(MOST_STATES)) await dropState(server, name)
  const twins = new Set(states.map(({ name }) => twinName(name)))
  for (const { name } of databases)
    if (name.startsWith(TWIN) && !twins.has(name)) await dropDatabase(server, name)
}

/** Drops a state with its twin: not the twin last, which would be left behind by an interruption. */
export async function dropState(server: ScratchServer, name: string): Promise<void> {
  await dropDatabase(server, twinName(name))
  await dropDatabase(server, name)
}

/** Drops one database, whoever is connected to it. */
export async function dropDatabase({ query }: ScratchServer, name: string): Promise<void> {
  await query(`drop database if exists ${quoteIdentifier(name)} with (force)`)
}

async function listDatabases({ query }: ScratchServer, ...prefixes: readonly string[]) {
  const isOurs = prefixes.map(prefix => `starts_with(datname, ${quoteLiteral(prefix)})`).join(' or ')
  const rows = await query(`
    select datname, coalesce(pg_catalog.shobj_description(oid, 'pg_database'), '') as comment
    from pg_catalog.pg_database where ${isOurs}`)
  return rows.map(({ datname, comment }) => ({ name: String(datname), comment: String(comment) }))
}

const ONE_DAY = 24 * 60 * 60 * 1000

/** A process of another machine cannot be asked: its databases get a day. */
function isAbandoned(name: string): boolean {
  const [host, pid, madeAt] = name.slice(USED_ONCE.length).split('_')
  return host === thisHost() ? !isRunning(Number(pid)) : Date.now() - Number(madeAt) > ONE_DAY
}

function thisHost(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
