import type { Session } from '../database/session.ts'
import { applyRenames, type Renames } from './apply-renames.ts'
import { changeInto } from './change-into.ts'
import { type Catalog, readCatalog } from './compare.ts'
import type { Change } from './compare-change.ts'
import type { Rename } from './compare-rename.ts'
import type { Scope } from './compare-scope.ts'

/** What leads to a desired schema, and back. */
export interface GeneratedScripts {
  readonly up: Change
  readonly down: Change
  /** Whether each of the two can run in a transaction. */
  readonly isTransactional: boolean
  /** What was taken for a drop and an addition. */
  readonly possibleRenames: readonly Rename[]
}

/**
 * Turns the schema of the session's database into `desired` and back again, after renaming what is to be renamed, so
 * that PostgreSQL sees to all that hangs on a name. Throws `UnknownRenameError`, `ChangeNotGeneratedError`.
 */
export async function generateScripts(
  session: Session,
  desired: Catalog,
  { renames, approveRename, ...scope }: Scope & Renames,
): Promise<GeneratedScripts> {
  const options = { renames, approveRename, ...scope }
  const { there, back, possible: possibleRenames } = await applyRenames(session, desired, options)
  const renamed = await readCatalog(session, scope)
  const up = await changeInto(session, desired, { ...scope, possibleRenames })
  const down = await changeInto(session, renamed, scope)
  return {
    up: { ...up, statements: [...there, ...up.statements] },
    down: { ...down, statements: [...down.statements, ...back] },
    isTransactional: up.isTransactional && down.isTransactional,
    possibleRenames,
  }
}
