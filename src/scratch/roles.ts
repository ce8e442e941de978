import type { RunnableStep } from '../database/runnable-step.ts'
import { StatementError } from '../errors/database-errors.ts'
import { quoteIdentifier } from '../script/literal.ts'
import type { ScratchServer } from './server.ts'

/**
 * Whether a script may make, change or drop a role, be it in a function or a DO block. Roles belong to a whole server:
 * what does so cannot be tried in two of its databases at once.
 */
export function touchesRoles({ script: { text } }: Pick<RunnableStep, 'script'>): boolean {
  return /\b(create|alter|drop)\s+(role|user|group)\s+(?!mapping\b)/i.test(text)
}

/**
 * Runs `use` while nobody else runs anything through this function on the same server, in whatever process, and drops
 * the roles that came meanwhile; the databases that need them must be gone by then.
 */
export async function withOwnRoles<T>(server: ScratchServer, use: () => Promise<T>): Promise<T> {
  const previous = turns.get(server) ?? Promise.resolve()
  const turn = previous.then(() => withRolesLock(server, use))
  turns.set(
    server,
    turn.then(
      () => {},
      () => {},
    ),
  )
  return turn
}

/** The end of the last turn that was given on a server: its session can wait for one lock only. */
const turns = new WeakMap<ScratchServer, Promise<void>>()

async function withRolesLock<T>(server: ScratchServer, use: () => Promise<T>): Promise<T> {
  await server.query(`select pg_catalog.pg_advisory_lock(${LOCK_KEY})`)
  try {
    const before = new Set(await roleNames(server))
    try {
      return await use()
    } finally {
      await dropRoles(server, before)
    }
  } finally {
    await server.query(`select pg_catalog.pg_advisory_unlock(${LOCK_KEY})`)
  }
}

const LOCK_KEY = "pg_catalog.hashtext('the roles of sqlbraid''s throw-away databases')"

/**
 * Drops, on a server where all roles are ours, those that a killed process left, unless another one uses some now.
 */
export async function dropAbandonedRoles(server: ScratchServer): Promise<void> {
  const [lock] = await server.query(`select pg_catalog.pg_try_advisory_lock(${LOCK_KEY}) as locked`)
  if (lock?.['locked'] !== true) return
  await dropRoles(server, new Set())
  await server.query(`select pg_catalog.pg_advisory_unlock(${LOCK_KEY})`)
}

async function dropRoles(server: ScratchServer, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await roleNames(server)) {
    if (kept.has(name)) continue
    const role = quoteIdentifier(name)
    // What somebody else's database needs by now stays.
    await server.query(`drop owned by ${role}; drop role ${role}`).catch(unlessFailed)
  }
}

/** All but PostgreSQL's own, and the one that the server was made with. */
async function roleNames(server: ScratchServer): Promise<string[]> {
  const rows = await server.query(
    `select rolname from pg_catalog.pg_roles where not starts_with(rolname, 'pg_') and oid <> 10 order by 1`,
  )
  return rows.map(({ rolname }) => String(rolname))
}

function unlessFailed(error: unknown): void {
  if (!(error instanceof StatementError)) throw error
}
