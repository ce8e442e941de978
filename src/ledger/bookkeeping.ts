import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'

/** Who runs, with what: the same for every event of one run. `runId` is a UUID. */
export interface RunIdentity {
  readonly runId: RunValue
  readonly toolVersion: string
  readonly osUser?: RunValue
  readonly host?: RunValue
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

/** One line of the event log. `action` is what was done: `upgrade`, `downgrade`, `stamp`, `accept`. */
export interface LedgerEvent {
  readonly action: string
  readonly revision?: string
  readonly outcome: 'done' | 'failed'
  /** Facts about the failure, kept as JSON. */
  readonly error?: Readonly<Record<string, unknown>>
  readonly durationMs: Duration
}

/** A text, or the psql variable that holds it when a script runs; an empty variable counts as unknown. */
export type RunValue = string | PsqlVariable

export interface PsqlVariable {
  readonly psqlVariable: string
}

/** Milliseconds, or what the server measures when it writes the row: from an instant that a psql variable holds. */
export type Duration =
  | number
  | 'since the transaction began'
  | 'since the last event of the run'
  | { readonly since: PsqlVariable }

/**
 * SQL that records `entry` as applied; a row left by an unfinished attempt becomes the applied one. Like all SQL of
 * this file, one statement without a semicolon.
 */
export function recordApplied(
  schema: string,
  entry: LedgerEntry,
  run: RunIdentity,
  duration: Duration,
): string {
  return `${recordNew(schema, entry, run, duration)}
on conflict (revision) do update set
  ${overwriting(OVERWRITTEN)},
  applied_at = clock_timestamp(), applied_by = session_user`
}

/** SQL that records `entry` as applied, of which the ledger has no row; it costs less than where there may be one. */
export function recordNew(schema: string, entry: LedgerEntry, run: RunIdentity, duration: Duration): string {
  return insertRevisions(schema, [newRow(schema, entry, run, duration)])
}

/** What `insertRevisions` takes to record `entry` as `recordNew` does, along with others. */
export function newRow(schema: string, entry: LedgerEntry, run: RunIdentity, duration: Duration): string {
  return revisionRow(schema, entry, run, "'applied', null", duration)
}

/** SQL that takes a revision out of the applied set. */
export function recordReverted(schema: string, id: string): string {
  return `delete from ${revisionTable(schema)} where revision = ${quoteLiteral(id)}`
}

/**
 * SQL that marks the start of a revision whose statements commit one by one, or the next attempt at it: the scripts
 * may have been mended since, and what was done stays done.
 */
export function recordUpBegun(schema: string, entry: LedgerEntry, run: RunIdentity): string {
  return `${insertRevisions(schema, [revisionRow(schema, entry, run, "'pending', 'up'", 0)])}
on conflict (revision) do update set ${overwriting(OVERWRITTEN.filter(column => column !== 'statements_done'))}`
}

/** SQL that marks the start of reverting a revision whose down statements commit one by one, or the next attempt at it. */
export function recordDownBegun(
  schema: string,
  id: string,
  downScript: string,
  statementsDone: number,
  run: RunIdentity,
): string {
  return `update ${revisionTable(schema)} set state = 'pending', pending_direction = 'down',
  down_script = ${quoteLiteral(downScript)}, statements_done = ${statementsDone}, run_id = ${runIdValue(run)}
where revision = ${quoteLiteral(id)}`
}

/** SQL that takes other scripts for what an applied revision was applied with. */
export function recordAccepted(schema: string, { id, checksum, upScript, downScript }: LedgerEntry): string {
  return `update ${revisionTable(schema)} set checksum = ${quoteLiteral(checksum)},
  up_script = ${quoteLiteral(upScript)}, down_script = ${literalOrNull(downScript)}
where revision = ${quoteLiteral(id)}`
}

/** SQL that ends the half-way state of a revision: it is applied. */
export function recordSettled(schema: string, id: string): string {
  return `update ${revisionTable(schema)} set state = 'applied', pending_direction = null, statements_done = 0
where revision = ${quoteLiteral(id)}`
}

/** SQL that takes a half-way revision from the run that was at it: another one may go on. */
export function recordReleased(schema: string, id: string, run: RunIdentity): string {
  return `update ${revisionTable(schema)} set run_id = ${runIdValue(run)} where revision = ${quoteLiteral(id)}`
}

/** SQL that records how many statements of an unfinished revision are done. */
export function recordProgress(schema: string, id: string, statementsDone: number): string {
  return `update ${revisionTable(schema)} set statements_done = ${statementsDone} where revision = ${quoteLiteral(id)}`
}

/** SQL that adds an event to the log. */
export function recordEvent(schema: string, event: LedgerEvent, run: RunIdentity): string {
  return insertEvents(schema, [eventRow(schema, event, run)])
}

/** What `insertEvents` takes to record an event, along with others. */
export function eventRow(schema: string, event: LedgerEvent, run: RunIdentity): string {
  return row([
    runIdValue(run),
    quoteLiteral(event.action),
    literalOrNull(event.revision),
    quoteLiteral(event.outcome),
    event.error === undefined ? 'null' : quoteLiteral(jsonForPostgres(event.error)),
    duration(schema, event.durationMs, run),
    runValue(run.osUser),
    runValue(run.host),
    literalOrNull(run.gitCommit),
    quoteLiteral(run.toolVersion),
  ])
}

/** SQL that adds rows to the log, at least one, in their order. */
export function insertEvents(schema: string, rows: readonly string[]): string {
  return `insert into ${quoteIdentifier(schema)}.event
  (run_id, action, revision, outcome, error, duration_ms, os_user, host, git_commit, tool_version)
values ${rows.join(',\n')}`
}

/** SQL that adds rows to the applied set, at least one, in their order. */
export function insertRevisions(schema: string, rows: readonly string[]): string {
  return `insert into ${revisionTable(schema)}
  (revision, parents, depends, labels, message, created, checksum, up_script, down_script,
   state, pending_direction, duration_ms, run_id, tool_version)
values ${rows.join(',\n')}`
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

function revisionRow(
  schema: string,
  entry: LedgerEntry,
  run: RunIdentity,
  state: string,
  ms: Duration,
): string {
  return row([
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
    runIdValue(run),
    quoteLiteral(run.toolVersion),
  ])
}

function row(values: readonly string[]): string {
  return `(${values.join(', ')})`
}

function revisionTable(schema: string): string {
  return `${quoteIdentifier(schema)}.revision`
}

function duration(schema: string, ms: Duration, run: RunIdentity): string {
  if (typeof ms === 'number') return String(Math.round(ms))
  return `(extract(epoch from clock_timestamp() - ${startOf(schema, ms, run)}) * 1000)::bigint`
}

function startOf(schema: string, ms: Exclude<Duration, number>, run: RunIdentity): string {
  if (ms === 'since the transaction began') return 'now()'
  if (typeof ms === 'object') return `:'${ms.since.psqlVariable}'::timestamptz`
  const lastEvent = `(select max(happened_at) from ${quoteIdentifier(schema)}.event where run_id = ${runIdValue(run)})`
  return `greatest(now(), ${lastEvent})`
}

function runIdValue({ runId }: RunIdentity): string {
  return typeof runId === 'object' ? `:'${runId.psqlVariable}'` : quoteLiteral(runId)
}

function runValue(value: RunValue | undefined): string {
  return typeof value === 'object' ? `nullif(:'${value.psqlVariable}', '')` : literalOrNull(value)
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
