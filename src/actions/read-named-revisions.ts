import type { DatabaseListener } from '../database/open-database.ts'
import { resolveRevisions } from '../graph/resolve-target.ts'
import type { Revision } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { type History, readHistory } from './read-history.ts'
import { withAppliedIfNeeded } from './read-history-range.ts'

/** The history, and those of its revisions that a target names. */
export interface NamedRevisions extends History {
  readonly named: readonly Revision[]
}

/** Reads the revisions that `target` names; `command` is what it was typed for. */
export async function readNamedRevisions(
  settings: Settings,
  target: string,
  command: string,
  listener: DatabaseListener = {},
): Promise<NamedRevisions> {
  const history = readHistory(settings)
  const ids = await withAppliedIfNeeded(settings, listener, applied =>
    resolveRevisions({ graph: history.graph, command, ...(applied && { applied }) }, [target]),
  )
  return { ...history, named: ids.flatMap(id => history.revisions.get(id) ?? []) }
}
