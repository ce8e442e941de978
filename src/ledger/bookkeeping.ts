import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'

/** Who runs, with what: the same for every event of one run. `runId` is a UUID. */
export interface RunIdentity {
  readonly runId: string
  readonly toolVersion: string
  readonly osUser?: string
  readonly host?: string
  /** The commit checked out in the project's folder. */
  readonly gitCommit?: string
}

/** What the ledger keeps of a revision when it is applied. */
export interface LedgerEntry {
  readonly id: string
  readonly parents: readonly string[]
  readonly depends: readonly string[]
  readonly labels: readonly string[]
  readonly message: string
  readonly created: string
  readonly checksum: string
  readonly upScript: string
  readonly downScript?: string
}

/** One line of the event log. `action` is what was asked for: `upgrade`, `downgrade`, `stamp`, … */
export interface LedgerEvent {
  readonly action: string
  readonly revision?: string
  readonly outcome: 'done' | 'failed'
  /** Facts about the failure, kept as JSON. */
  readonly error?: Readonly<Record<string, unknown>>
  readonly durationMs: Duration
}

/** Milliseconds, or what the server measures when it writes the row. */
export type Duration = number | 'since the transaction began' | 'since the last event of the run'

/** SQL that records `entry` as applied; a row left by an unfinished attempt becomes the applied one. */
export function recordApplied(
  schema: string,
  entry: LedgerEntry,
  run: RunIdentity,
  duration: Duration,
): string {
  return `${insertRevision(schema, entry, run, "'applied', null", duration)}
on conflict (revision) do update set
  ${overwriting(OVERWRITTEN)},
  applied_at = clock_timestamp(), applied_by = session_user;`
}

/** SQL that takes a revision out of the applied set. */
export function recordReverted(schema: string, id: string): string {
  return `delete from ${revisionTable(schema)} where revision = ${quoteLiteral(id)};`
}

/**
 * SQL that marks the start of a revision whose statements commit one by one, or the next attempt at it: the scripts
 * may have been mended since, and what was done stays done.
 */
export function recordUpBegun(schema: string, entry: LedgerEntry, run: RunIdentity): string {
  return `${insertRevision(schema, entry, run, "'pending', 'up'", 0)}
on conflict (revision) do update set ${overwriting(OVERWRITTEN.filter(column => column !== 'statements_done'))};`
}

/** SQL that marks the start of reverting a revision whose down statements commit one by one, or the next attempt at it. */
export function recordDownBegun(
  schema: string,
  id: string,
  downScript: string,
  statementsDone: number,
): string {
  return `update ${revisionTable(schema)} set state = 'pending', pending_direction = 'down',
  down_script = ${quoteLiteral(downScript)}, statements_done = ${statementsDone}
where revision = ${quoteLiteral(id)};`
}

/** SQL that records how many statements of an unfinished revision are done. */
export function recordProgress(schema: string, id: string, statementsDone: number): string {
  return `update ${revisionTable(schema)} set statements_done = ${statementsDone} where revision = ${quoteLiteral(id)};`
}

/** SQL that adds an event to the log. */
export function recordEvent(schema: string, event: LedgerEvent, run: RunIdentity): string {
  const values = [
    quoteLiteral(run.runId),
    quoteLiteral(event.action),
    literalOrNull(event.revision),
    quoteLiteral(event.outcome),
    event.error === undefined ? 'null' : quoteLiteral(jsonForPostgres(event.error)),
    duration(schema, event.durationMs, run),
    literalOrNull(run.osUser),
    literalOrNull(run.host),
    literalOrNull(run.gitCommit),
    quoteLiteral(run.toolVersion),
  ]
  return `insert into ${quoteIdentifier(schema)}.event
  (run_id, action, revision, outcome, error, duration_ms, os_user, host, git_commit, tool_version)
values (${values.join(', ')});`
}

const OVERWRITTEN = [
  'parents',
  'depends',
  'labels',
  'message',
  'created',
  'checksum',
  'up_script',
  'down_script',
  'state',
  'pending_direction',
  'statements_done',
  'duration_ms',
  'run_id',
  'tool_version',
]

function overwriting(columns: readonly string[]): string {
  return columns.map(column => `${column} = excluded.${column}`).join(', ')
}

function insertRevision(
  schema: string,
  entry: LedgerEntry,
  run: RunIdentity,
  state: string,
  ms: Duration,
): string {
  const values = [
    quoteLiteral(entry.id),
    textArray(entry.parents),
    textArray(entry.depends),
    textArray(entry.labels),
    quoteLiteral(entry.message),
    quoteLiteral(entry.created),
    quoteLiteral(entry.checksum),
    quoteLiteral(entry.upScript),
    literalOrNull(entry.downScript),
    state,
    duration(schema, ms, run),
    quoteLiteral(run.runId),
    quoteLiteral(run.toolVersion),
  ]
  return `insert into ${revisionTable(schema)}
  (revision, parents, depends, labels, message, created, checksum, up_script, down_script,
   state, pending_direction, duration_ms, run_id, tool_version)
values (${values.join(', ')})`
}

function revisionTable(schema: string): string {
  return `${quoteIdentifier(schema)}.revision`
}

function duration(schema: string, ms: Duration, { runId }: RunIdentity): string {
  if (typeof ms === 'number') return String(Math.round(ms))
  const lastEvent = `(select max(happened_at) from ${quoteIdentifier(schema)}.event where run_id = ${quoteLiteral(runId)})`
  const start = ms === 'since the transaction began' ? 'now()' : `greatest(now(), ${lastEvent})`
  return `(extract(epoch from clock_timestamp() - ${start}) * 1000)::bigint`
}

function textArray(texts: readonly string[]): string {
  return `array[${texts.map(quoteLiteral).join(', ')}]::text[]`
}

function literalOrNull(text: string | undefined): string {
  return text === undefined ? 'null' : quoteLiteral(text)
}

/** jsonb holds no U+0000, and a lone surrogate is no UTF-8: neither may keep a failure out of the log. */
function jsonForPostgres(value: unknown): string {
  return JSON.stringify(value).replace(/\\u0000|\\ud[89a-f][0-9a-f]{2}/gi, '\\ufffd')
}
