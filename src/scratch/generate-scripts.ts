import type { Session } from '../database/session.ts'
import { changeInto, runStatement } from './change-into.ts'
import { type Catalog, readCatalog } from './compare.ts'
import type { Change } from './compare-change.ts'
import { type Rename, renameStatements } from './compare-rename.ts'
import type { Scope } from './compare-scope.ts'

/** What leads to a desired schema, and back. */
export interface GeneratedScripts {
  readonly up: Change
  readonly down: Change
}

/**
 * Turns the schema of the session's database into `desired` and back again, after renaming what is to be renamed, so
 * that PostgreSQL sees to all that hangs on a name. Throws `UnknownRenameError`, `ChangeNotGeneratedError`.
 */
export async function generateScripts(
  session: Session,
  desired: Catalog,
  { renames, ...scope }: Scope & { readonly renames: readonly Rename[] },
): Promise<GeneratedScripts> {
  const renamings = []
  for (const rename of renames) {
    const renaming = renameStatements(await readCatalog(session, scope), rename)
    await runStatement(session, renaming.there)
    renamings.push(renaming)
  }
  const renamed = await readCatalog(session, scope)
  const up = await changeInto(session, desired, scope)
  const down = await changeInto(session, renamed, scope)
  const there = renamings.map(renaming => renaming.there)
  const back = renamings.map(renaming => renaming.back).reverse()
  return {
    up: { ...up, statements: [...there, ...up.statements] },
    down: { ...down, statements: [...down.statements, ...back] },
  }
}
