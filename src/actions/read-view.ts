import { readLedger } from '../database/ledger.ts'
import { type DatabaseListener, withDatabase } from '../database/open-database.ts'
import { TargetNeedsDatabaseError } from '../errors/graph-errors.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { appliedSet } from './applied-set.ts'
import { type History, readHistory } from './read-history.ts'
import { readState } from './read-state.ts'
import { type Standings, standingsIn } from './standing.ts'

/** The history as reading commands show it; beside a database, the graph also holds what only that one knows. */
export interface View extends History {
  readonly standings?: Standings
}

/** What a reading command needs to know. */
export interface ViewRequest {
  /** Also where the database stands; without it no database is needed. */
  readonly withStandings?: boolean | undefined
}

/** Reads the history, and where the database stands when that is asked for. */
export async function readView(
  settings: Settings,
  { withStandings }: ViewRequest,
  listener: DatabaseListener,
): Promise<View> {
  if (!withStandings) return readHistory(settings)
  const state = await readState(settings, listener)
  return { ...state.history, ...standingsIn(state) }
}

/** Calls `resolve` with the applied set where it is known; else reads it only when `resolve` says that it needs one. */
export async function withAppliedIfNeeded<T>(
  { standings }: View,
  settings: Settings,
  listener: DatabaseListener,
  resolve: (applied?: ReadonlySet<RevisionId>) => T,
): Promise<T> {
  try {
    return resolve(standings?.applied)
  } catch (error) {
    if (!(error instanceof TargetNeedsDatabaseError)) throw error
  }
  return withDatabase(settings, listener, async session =>
    resolve(appliedSet(await readLedger(session, settings.ledgerSchema))),
  )
}
