import { findRun, readEvents } from '../database/event-log.ts'
import type { Ledger } from '../database/ledger.ts'
import type { Session } from '../database/session.ts'
import { StampedRunError, UnknownRunError } from '../errors/run-log-errors.ts'
import { extendGraph } from '../graph/extend-graph.ts'
import { planUndo } from '../plan/undo.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { type MigrateListener, type MigrateReport, type MigrateRequest, migrate } from './migrate.ts'

/** A request to undo one run. */
export interface UndoRequest extends Omit<MigrateRequest, 'targets' | 'from'> {
  /** The beginning of a run's id, or `last`: the one that applied the newest of what is applied. */
  readonly run: string
}

/**
 * Reverts exactly what one run applied, as far as it is still applied, the last first.
 * Throws as `migrate`, and `UnknownRunError`, `AmbiguousRunError`, `StampedRunError`, `BuiltUponError`.
 */
export function downgradeRun(
  settings: Settings,
  { run, ...request }: UndoRequest,
  listener: MigrateListener = {},
): Promise<MigrateReport> {
  return migrate(
    settings,
    {
      action: 'downgrade',
      plan: ({ graph, rows, applied }, revisions) => ({
        ...planUndo(extendGraph(graph, rows), applied, revisions as readonly RevisionId[]),
        target: `--run ${run}`,
      }),
      copesWith: { ignoreUnknown: true },
      downs: 'files',
      targets: (session, ledger) => appliedByRun(session, settings.ledgerSchema, ledger, run),
    },
    { ...request, targets: [] },
    listener,
  )
}

async function appliedByRun(
  session: Session,
  schema: string,
  { version, revisions }: Ledger,
  run: string,
): Promise<readonly RevisionId[]> {
  const applied = revisions.filter(({ pending }) => pending?.direction !== 'up')
  const last = run === 'last' ? applied.at(-1)?.runId : undefined
  if (version === 0 || (run === 'last' && last === undefined)) throw new UnknownRunError(run)
  const runId = last ?? (await findRun(session, schema, run))
  const [event] = await readEvents(session, schema, { runId, limit: 1 })
  if (event?.action === 'stamp') throw new StampedRunError(runId)
  return applied.filter(revision => revision.runId === runId).map(({ id }) => id)
}
