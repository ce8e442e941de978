import { type EventFilter, findRun, type LoggedEvent, readEvents } from '../database/event-log.ts'
import { readLedger } from '../database/ledger.ts'
import { type DatabaseListener, withDatabase } from '../database/open-database.ts'
import { UnknownRunError } from '../errors/run-log-errors.ts'
import type { Settings } from '../settings/settings.ts'

export interface LogRequest extends Omit<EventFilter, 'runId'> {
  /** The beginning of a run's id, or `last`: the run of the newest event. */
  readonly run?: string
}

/**
 * The events of the database's log, newest first; none of a database that was never touched.
 * Throws `UnknownRunError` and `AmbiguousRunError`.
 */
export async function readLog(
  settings: Settings,
  { run, ...filter }: LogRequest,
  listener: DatabaseListener = {},
): Promise<readonly LoggedEvent[]> {
  const { ledgerSchema: schema } = settings
  return withDatabase(settings, listener, async session => {
    const { version } = await readLedger(session, schema)
    if (run === undefined) return version === 0 ? [] : readEvents(session, schema, filter)
    if (version === 0) throw new UnknownRunError(run)
    const [newest] = run === 'last' ? await readEvents(session, schema, { limit: 1 }) : []
    const runId = newest?.runId ?? (await findRun(session, schema, run))
    return readEvents(session, schema, { ...filter, runId })
  })
}
