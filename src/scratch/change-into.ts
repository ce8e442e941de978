import type { Session } from '../database/session.ts'
import { StatementError } from '../errors/database-errors.ts'
import { ChangeNotGeneratedError } from '../errors/proof-errors.ts'
import { type Catalog, compareCatalogs, readCatalog } from './compare.ts'
import { type Change, type ChangeStatement, planChange } from './compare-change.ts'
import type { Rename } from './compare-rename.ts'
import type { Scope } from './compare-scope.ts'

/**
 * Turns the schema of the session's database into `desired`, and gives what it ran. What fails where it was planned, and
 * what shows only when the rest has run, is planned anew. Throws `ChangeNotGeneratedError`, which says what may be a
 * rename instead.
 */
export async function changeInto(
  session: Session,
  desired: Catalog,
  { possibleRenames = [], ...scope }: Scope & { readonly possibleRenames?: readonly Rename[] },
): Promise<Change> {
  const rounds: Change[] = []
  for (;;) {
    const now = await readCatalog(session, scope)
    const change = await planChange(now, desired)
    if (change.statements.length === 0 || rounds.length === MOST_ROUNDS) {
      await requireSame(now, desired, possibleRenames)
      return joinRounds(rounds)
    }
    const { done, failure } = await tryStatements(session, change.statements)
    if (failure && done.length === 0) throw failure
    rounds.push({ ...change, statements: done })
  }
}

/** Runs one statement. Throws `ChangeNotGeneratedError`. */
export async function runStatement(session: Session, { sql: statement }: ChangeStatement): Promise<void> {
  try {
    await session.query(statement)
  } catch (cause) {
    if (!(cause instanceof StatementError)) throw cause
    throw new ChangeNotGeneratedError(`${cause.server.message}, in: ${statement}`, { statement }, { cause })
  }
}

const MOST_ROUNDS = 3

/** Runs those of the statements that can be run, each by itself, and gives the first failure of the others. */
async function tryStatements(session: Session, statements: readonly ChangeStatement[]) {
  await session.query('set check_function_bodies = off')
  const done: ChangeStatement[] = []
  let failure: ChangeNotGeneratedError | undefined
  for (const statement of statements) {
    try {
      await runStatement(session, statement)
      done.push(statement)
    } catch (error) {
      if (!(error instanceof ChangeNotGeneratedError)) throw error
      failure ??= error
    }
  }
  return { done, failure }
}

async function requireSame(
  now: Catalog,
  desired: Catalog,
  possibleRenames: readonly Rename[],
): Promise<void> {
  const { changes } = await compareCatalogs(now, desired, ['after the change', 'in the desired schema'])
  if (changes.length === 0) return
  const words = changes.map(({ object, what }) => `${object}: ${what}`)
  throw new ChangeNotGeneratedError(`what is left is ${words.join('; ')}`, { changes, possibleRenames })
}

function joinRounds(rounds: readonly Change[]): Change {
  return {
    statements: rounds.flatMap(({ statements }) => statements),
    isTransactional:
      rounds.every(({ isTransactional }) => isTransactional) &&
      !rounds.slice(0, -1).some(({ wantsCommit }) => wantsCommit),
    wantsCommit: rounds.some(({ wantsCommit }) => wantsCommit),
    makesFunctions: rounds.some(({ makesFunctions }) => makesFunctions),
  }
}
