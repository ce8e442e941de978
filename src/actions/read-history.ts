import { NoRevisionsError } from '../errors/history-errors.ts'
import { RevisionFilesError } from '../errors/revision-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import { findGraphProblems } from '../graph/problems.ts'
import { buildGraph, type RevisionGraph } from '../graph/revision-graph.ts'
import { type ReadOptions, type RevisionReading, readRevisions } from '../revision/read-revisions.ts'
import type { Revision, RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'

/** The revisions of this checkout, and how they hang together. */
export interface History {
  readonly graph: RevisionGraph
  readonly revisions: ReadonlyMap<RevisionId, Revision>
}

/**
 * Reads the revision files and proves that they make a graph. Throws `RevisionFilesError` with all that is wrong,
 * in the files and between them, and `NoRevisionsError`.
 */
export function readHistory(settings: Pick<Settings, 'migrations'>, options?: ReadOptions): History {
  const history = readHistoryOrNone(settings, options)
  if (history.revisions.size === 0) throw new NoRevisionsError(settings.migrations)
  return history
}

/** As `readHistory`, for commands to which a history without revisions is welcome. */
export function readHistoryOrNone(
  { migrations }: Pick<Settings, 'migrations'>,
  options?: ReadOptions,
): History {
  const reading = readRevisions(migrations, options)
  const revisions = [...reading.revisions.values()]
  const problems = [...reading.problems, ...problemsBetween(revisions, reading)]
  if (problems.length > 0) throw new RevisionFilesError(problems)
  return { graph: buildGraph(revisions), revisions: reading.revisions }
}

function problemsBetween(revisions: readonly Revision[], reading: RevisionReading): Problem[] {
  return findGraphProblems(revisions).map(({ code, message, revision, key }) => ({
    code,
    message,
    ...reading.placeOf(revision, key),
  }))
}
