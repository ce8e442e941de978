import { appliedIds, readLedger } from '../database/ledger.ts'
import { type DatabaseListener, withDatabase } from '../database/open-database.ts'
import { AppliedOutOfOrderError } from '../errors/authoring-errors.ts'
import { heads } from '../graph/lineage.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import { appliedOutOfOrder, type ParentChange, planRebase, type RebasePlan } from '../plan/rebase.ts'
import type { RevisionId } from '../revision/revision.ts'
import { rewriteParents } from '../revision/rewrite-parents.ts'
import type { Settings } from '../settings/settings.ts'
import { readHistory } from './read-history.ts'

export interface RebaseRequest {
  /** A label, or a revision: its branch. */
  readonly branch: string
  /** The revision that the branch shall stand on. */
  readonly onto: string
  /** Ask no database whether it has applied what moves. */
  readonly force?: boolean
  /** Only say what would be changed. */
  readonly dryRun?: boolean
}

/** What was rewritten, or would be. */
export interface RebaseReport {
  readonly onto: RevisionId
  readonly changes: readonly (ParentChange & { readonly file: string })[]
  /** The heads of the history afterwards. */
  readonly heads: readonly RevisionId[]
  /** The database that was asked, for people; undefined when none was. */
  readonly database: string | undefined
}

/**
 * Moves a branch onto another revision: rewrites the `parents` line of its first revisions, in place of a merge.
 * Everything is checked before the first file is written. Throws what `planRebase` and `rewriteParents` throw, and
 * `AppliedOutOfOrderError` when the database of the settings has applied what would move.
 */
export async function rebase(
  settings: Settings,
  { branch, onto, force = false, dryRun = false }: RebaseRequest,
  listener: DatabaseListener = {},
): Promise<RebaseReport> {
  const { graph, revisions } = readHistory(settings)
  const plan = planRebase(graph, branch, onto)
  const isAsked = settings.url !== undefined && !force && plan.changes.length > 0
  const database = isAsked ? await requireInOrder(settings, graph, plan, branch, listener) : undefined
  const changes = plan.changes.map(change => ({
    ...change,
    file: revisions.get(change.revision)?.parts.up ?? '',
  }))
  if (!dryRun) rewriteParents(changes.map(({ file, to }) => ({ file, parents: to })))
  return { onto: plan.onto, changes, heads: heads(plan.graph), database }
}

/** Gives the description of the database that was asked. */
function requireInOrder(
  settings: Settings,
  graph: RevisionGraph,
  plan: RebasePlan,
  branch: string,
  listener: DatabaseListener,
): Promise<string> {
  return withDatabase(settings, listener, async session => {
    const applied = appliedIds(await readLedger(session, settings.ledgerSchema))
    const misplaced = appliedOutOfOrder(graph, plan, applied)
    if (misplaced.length > 0) {
      throw new AppliedOutOfOrderError(session.description, misplaced, { branch, onto: plan.onto })
    }
    return session.description
  })
}
