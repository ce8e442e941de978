import type { Session } from '../database/session.ts'
import { StatementError } from '../errors/database-errors.ts'
import { ChangeNotGeneratedError } from '../errors/proof-errors.ts'
import { type Catalog, compareCatalogs, readCatalog } from './compare.ts'
import { type Change, type ChangeStatement, planChange } from './compare-change.ts'
import type { Scope } from './compare-scope.ts'

/**
 * Turns the schema of the session's database into `desired`, and gives what it ran. What is planned is run and the
 * rest planned anew, for some changes have effects that show only then. Throws `ChangeNotGeneratedError`.
 */
export async function changeInto(session: Session, desired: Catalog, scope: Scope): Promise<Change> {
  const rounds: Change[] = []
  for (;;) {
    const now = await readCatalog(session, scope)
    const change = await planChange(now, desired)
    if (change.statements.length === 0 || rounds.length === MOST_ROUNDS) {
      await requireSame(now, desired)
      return joinRounds(rounds)
    }
    await runStatements(session, change.statements)
    rounds.push(change)
  }
}

/** Runs statements one by one, outside a transaction. Throws `ChangeNotGeneratedError` for the first that fails. */
export async function runStatements(
  session: Session,
  statements: readonly Pick<ChangeStatement, 'sql'>[],
): Promise<void> {
  await session.query('set check_function_bodies = off')
  for (const { sql: statement } of statements) {
    try {
      await session.query(statement)
    } catch (cause) {
      if (!(cause instanceof StatementError)) throw cause
      throw new ChangeNotGeneratedError(`${cause.server.message}, in: ${statement}`, { statement }, { cause })
    }
  }
}

const MOST_ROUNDS = 3

async function requireSame(now: Catalog, desired: Catalog): Promise<void> {
  const { changes } = await compareCatalogs(now, desired, ['after the change', 'as desired'])
  if (changes.length === 0) return
  const words = changes.map(({ object, what }) => `${object}: ${what}`)
  throw new ChangeNotGeneratedError(`what is left is ${words.join('; ')}`, { changes })
}

function joinRounds(rounds: readonly Change[]): Change {
  return {
    statements: rounds.flatMap(({ statements }) => statements),
    isTransactional: rounds.every(({ isTransactional }) => isTransactional),
    makesFunctions: rounds.some(({ makesFunctions }) => makesFunctions),
    likelyRenames: rounds[0]?.likelyRenames ?? [],
  }
}
