import type { Session } from '../database/session.ts'
import { runStatement } from './change-into.ts'
import { type Catalog, readCatalog } from './compare.ts'
import { findPossibleRenames, type PossibleRename } from './compare-alike.ts'
import type { ChangeStatement } from './compare-change.ts'
import { type Rename, renameStatements } from './compare-rename.ts'
import type { Scope } from './compare-scope.ts'

/** Which objects keep what they hold under another name. */
export interface Renames {
  /** Those that were given. */
  readonly renames: readonly Rename[]
  /** Asked of each table, column or type that looks like one; without it, none is. */
  readonly approveRename?: ((rename: PossibleRename) => Promise<boolean>) | undefined
}

/** The statements that rename, in the order in which they were run, and those that rename back in theirs. */
export interface Renamings {
  readonly there: readonly ChangeStatement[]
  readonly back: readonly ChangeStatement[]
  /** What was neither given nor approved. */
  readonly possible: readonly PossibleRename[]
}

/**
 * Renames in the session's database what is given, what is approved, and last, unasked, what would otherwise be made
 * anew as it was, such as an index. Throws `UnknownRenameError`.
 */
export async function applyRenames(
  session: Session,
  desired: Catalog,
  { renames, approveRename = nobody, ...scope }: Scope & Renames,
): Promise<Renamings> {
  const there: ChangeStatement[] = []
  const back: ChangeStatement[] = []
  const apply = async (rename: Rename) => {
    const statements = renameStatements(await readCatalog(session, scope), rename)
    await runStatement(session, statements.there)
    there.push(statements.there)
    back.unshift(statements.back)
  }
  for (const rename of renames) await apply(rename)
  const answered = new Set<string>()
  for (;;) {
    const found = await findPossibleRenames(await readCatalog(session, scope), desired)
    const possible = found.filter(({ kind }) => ASKED.has(kind))
    const approved = await firstApproved(possible, approveRename, answered)
    const next = approved ?? found.find(rename => isHarmless(rename) && !answered.has(keyOf(rename)))
    if (next === undefined) return { there, back, possible }
    answered.add(keyOf(next))
    await apply(next)
  }
}

/** A name that was given to one thing may make another question needless: the rest is looked at anew. */
async function firstApproved(
  possible: readonly PossibleRename[],
  approve: NonNullable<Renames['approveRename']>,
  answered: Set<string>,
): Promise<PossibleRename | undefined> {
  for (const rename of possible) {
    if (answered.has(keyOf(rename))) continue
    if (await approve(rename)) return rename
    answered.add(keyOf(rename))
  }
  return undefined
}

function isHarmless({ kind, isOnlyOne }: PossibleRename): boolean {
  return isOnlyOne && UNASKED.has(kind)
}

const ASKED: ReadonlySet<string> = new Set([
  'schema',
  'table',
  'column',
  'type',
  'domain',
  'materializedView',
])
const UNASKED: ReadonlySet<string> = new Set(['constraint', 'index', 'sequence'])

function keyOf({ kind, from, to }: PossibleRename): string {
  return `${kind} ${from}:${to}`
}

async function nobody(): Promise<boolean> {
  return false
}
