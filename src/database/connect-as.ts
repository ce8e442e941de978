import { ConnectionRefusedByServerError, StatementError } from '../errors/database-errors.ts'
import { RoleNotAssumedError, RoleRefusedError } from '../errors/role-errors.ts'
import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'
import type { Environment } from '../settings/variables.ts'
import { type ConnectedSession, connect } from './connect.ts'
import type { ConnectionOptions } from './connection/connection-options.ts'
import type { Session } from './session.ts'

/**
 * Connects, as `role` where one is given: everything, scripts and ledger, is then done as that role, which needs no
 * rights of the user who logs in but membership. Throws what `connect` throws, `RoleRefusedError` and
 * `RoleNotAssumedError`.
 */
export async function connectAs(
  options: ConnectionOptions,
  env: Environment,
  role: string | undefined,
  stop?: AbortSignal,
): Promise<ConnectedSession> {
  if (role === undefined) return connect(options, env, undefined, stop)
  const session = await connect(options, env, role, stop).catch(async error => {
    throw (await refusedRole(error, options, env, role)) ?? error
  })
  await requireAssumed(session, role)
  return session
}

/**
 * Connects where the session is shared with others, so that `role` can only be taken within each transaction; throws
 * as `connectAs` when it cannot be.
 */
export async function connectForRole(
  options: ConnectionOptions,
  env: Environment,
  role: string | undefined,
  stop?: AbortSignal,
): Promise<ConnectedSession> {
  const session = await connect(options, env, undefined, stop)
  if (role === undefined) return session
  try {
    await session.query(`begin; set local role ${quoteIdentifier(role)}; rollback`)
    return session
  } catch (error) {
    const refused = await refusalOf(session, error, role)
    await session.close()
    throw refused
  }
}

async function refusalOf(session: ConnectedSession, error: unknown, role: string): Promise<unknown> {
  if (!(error instanceof StatementError)) return error
  await session.rollBack()
  return new RoleRefusedError(role, session.server.user, await whyRefused(session, role), { cause: error })
}

async function whyRefused(session: Session, role: string): Promise<'not a member' | 'missing'> {
  const found = await session.query(`select from pg_catalog.pg_roles where rolname = ${quoteLiteral(role)}`)
  return found.length > 0 ? 'not a member' : 'missing'
}

const INVALID_PARAMETER_VALUE = '22023'
const INSUFFICIENT_PRIVILEGE = '42501'

/** What is wrong with the role, if it is the role that the server refused: a login without it must succeed. */
async function refusedRole(
  error: unknown,
  options: ConnectionOptions,
  env: Environment,
  role: string,
): Promise<RoleRefusedError | undefined> {
  if (!(error instanceof ConnectionRefusedByServerError)) return undefined
  if (![INVALID_PARAMETER_VALUE, INSUFFICIENT_PRIVILEGE].includes(error.server.sqlState)) return undefined
  const session = await connect(options, env)
  try {
    return new RoleRefusedError(role, session.server.user, await whyRefused(session, role), { cause: error })
  } finally {
    await session.close()
  }
}

/** A connection pooler may drop what it does not know of a login. */
async function requireAssumed(session: ConnectedSession, role: string): Promise<void> {
  const [row] = await session.query('select current_user as role')
  if (row?.['role'] === role) return
  await session.close()
  throw new RoleNotAssumedError(role, String(row?.['role']))
}
