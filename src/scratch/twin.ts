import { StatementError } from '../errors/database-errors.ts'
import { quoteIdentifier } from '../script/literal.ts'
import { type KeptState, twinName } from './housekeeping.ts'
import type { ScratchServer } from './server.ts'

/**
 * The name of the state's twin, a second copy of its database, in which another session can work at the same time;
 * undefined where there is none. It is made when the state is rehearsed at for the second time: most are not, and a copy
 * takes longer than what it saves once. The caller must hold the state's lock.
 */
export async function keepTwin(
  { query }: ScratchServer,
  { name, hasTwin, isRehearsed }: KeptState,
): Promise<string | undefined> {
  const twin = twinName(name)
  if (hasTwin) return twin
  if (!isRehearsed) return undefined
  try {
    await query(`create database ${quoteIdentifier(twin)} template ${quoteIdentifier(name)}`)
    return twin
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
    return error.server.sqlState === IS_THERE ? twin : undefined
  }
}

/** Who held the lock before has made it. */
const IS_THERE = '42P04'
