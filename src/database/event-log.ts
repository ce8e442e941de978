import { AmbiguousRunError, UnknownRunError } from '../errors/run-log-errors.ts'
import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'
import type { Row, Session } from './session.ts'

/** One line of the ledger's log. */
export interface LoggedEvent {
  readonly runId: string
  readonly action: string
  readonly revision?: string
  readonly outcome: 'done' | 'failed'
  /** What is known of the failure; `message` is always there. */
  readonly error?: Readonly<Record<string, unknown>>
  /** ISO 8601, UTC. */
  readonly happenedAt: string
  readonly durationMs: number
  readonly databaseUser: string
  readonly osUser?: string
  readonly host?: string
  readonly gitCommit?: string
  readonly toolVersion: string
}

/** Which events; what is left out lets all pass. */
export interface EventFilter {
  /** The whole id of a run. */
  readonly runId?: string
  readonly since?: Date
  readonly failedOnly?: boolean
  /** The newest so many. */
  readonly limit?: number
}

/** The events that pass the filter, newest first. The ledger must exist. */
export async function readEvents(
  session: Session,
  schema: string,
  { runId, since, failedOnly, limit }: EventFilter,
): Promise<readonly LoggedEvent[]> {
  const conditions = [
    ...(runId === undefined ? [] : [`run_id = ${quoteLiteral(runId)}`]),
    ...(since === undefined ? [] : [`happened_at >= ${quoteLiteral(since.toISOString())}`]),
    ...(failedOnly ? [`outcome = 'failed'`] : []),
  ]
  const rows = await session.query(`
    select run_id::text, action, revision, outcome, error, duration_ms::float8, database_user, os_user, host,
      git_commit, tool_version,
      to_char(happened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as happened_at
    from ${eventTable(schema)}
    ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
    order by event desc
    ${limit === undefined ? '' : `limit ${limit}`}`)
  return rows.map(loggedEvent)
}

/** The whole id of the run whose id begins with `start`. Throws `UnknownRunError` and `AmbiguousRunError`. */
export async function findRun(session: Session, schema: string, start: string): Promise<string> {
  const rows = await session.query(`
    select distinct run_id::text from ${eventTable(schema)}
    where starts_with(run_id::text, ${quoteLiteral(start.toLowerCase())}) order by run_id limit 5`)
  const [found, ...others] = rows.map(row => String(row['run_id']))
  if (found === undefined) throw new UnknownRunError(start)
  if (others.length > 0) throw new AmbiguousRunError(start, [found, ...others])
  return found
}

function eventTable(schema: string): string {
  return `${quoteIdentifier(schema)}.event`
}

function loggedEvent(row: Row): LoggedEvent {
  const optional = {
    revision: row['revision'],
    error: row['error'],
    osUser: row['os_user'],
    host: row['host'],
    gitCommit: row['git_commit'],
  }
  const known = Object.entries(optional).filter(([, value]) => value !== null)
  return {
    runId: String(row['run_id']),
    action: String(row['action']),
    outcome: row['outcome'] as 'done' | 'failed',
    happenedAt: String(row['happened_at']),
    durationMs: Number(row['duration_ms']),
    databaseUser: String(row['database_user']),
    toolVersion: String(row['tool_version']),
    ...(Object.fromEntries(known) as Partial<LoggedEvent>),
  }
}
