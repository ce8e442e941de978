import { readLedger } from '../database/ledger.ts'
import { type DatabaseListener, withDatabase } from '../database/open-database.ts'
import { TargetNeedsDatabaseError } from '../errors/graph-errors.ts'
import { historyRange } from '../graph/history-range.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { appliedSet } from './applied-set.ts'
import { type History, readHistory } from './read-history.ts'

/** The history, and those of its revisions that lie in a range, newest first. */
export interface HistoryRange extends History {
  readonly range: readonly RevisionId[]
}

/** Reads the revisions of a range (`a:b`, `-3:current`), and a database only when the range counts from one. */
export async function readHistoryRange(
  settings: Settings,
  range: string,
  listener: DatabaseListener = {},
): Promise<HistoryRange> {
  const history = readHistory(settings)
  const resolve = (applied?: ReadonlySet<RevisionId>) => historyRange(history.graph, range, applied)
  return { ...history, range: await withAppliedIfNeeded(settings, listener, resolve) }
}

/** Calls `resolve`; again with the applied set when it says that it needs one. */
export async function withAppliedIfNeeded<T>(
  settings: Settings,
  listener: DatabaseListener,
  resolve: (applied?: ReadonlySet<RevisionId>) => T,
): Promise<T> {
  try {
    return resolve()
  } catch (error) {
    if (!(error instanceof TargetNeedsDatabaseError)) throw error
  }
  return withDatabase(settings, listener, async session =>
    resolve(appliedSet(await readLedger(session, settings.ledgerSchema))),
  )
}
