import type { LedgerRevision, PendingRun } from './ledger.ts'

type Columns<Row> = { readonly [Name in keyof Row]: readonly Row[Name][] }

interface PendingCells extends Omit<PendingRun, 'direction'> {
  readonly direction: PendingRun['direction'] | null
}

/** The revisions of a ledger as lists, one for each of their columns, in the order in which they were applied. */
export type LedgerColumns = Columns<Omit<LedgerRevision, 'pending'>> & Columns<PendingCells>

/**
 * A query of one row that has each column as a JSON list, or null when no revision is applied. That takes the server, and
 * the driver, half of the time that a row for each revision would.
 */
export function columnsQuery(quotedSchema: string): string {
  const columns = Object.entries(columnsOf(quotedSchema))
  const lists = columns.map(([name]) => `json_agg(c."${name}") as "${name}"`)
  const values = columns.map(([name, value]) => `${value} as "${name}"`)
  return `
    select ${lists.join(', ')}
    from (select ${values.join(', ')} from ${quotedSchema}.revision r order by r.applied_order) c`
}

/** The revisions that such lists were made of. */
export function revisionsIn(columns: LedgerColumns): LedgerRevision[] {
  return columns.id.map((id, row) => {
    const direction = cell(columns.direction, row)
    const pending = direction && {
      direction,
      statementsDone: cell(columns.statementsDone, row),
      hasEnded: cell(columns.hasEnded, row),
    }
    return {
      id,
      parents: cell(columns.parents, row),
      depends: cell(columns.depends, row),
      labels: cell(columns.labels, row),
      message: cell(columns.message, row),
      created: cell(columns.created, row),
      checksum: cell(columns.checksum, row),
      ...(pending && { pending }),
      appliedAt: cell(columns.appliedAt, row),
      appliedBy: cell(columns.appliedBy, row),
      runId: cell(columns.runId, row),
      hasDown: cell(columns.hasDown, row),
    }
  })
}

function cell<Value>(column: readonly Value[], row: number): Value {
  return column[row] as Value // the columns are of one length
}

/** SQL that tells whether the run that is noted in the row `r` of the table `revision` has ended half-way. */
export function runHasEnded(quotedSchema: string, r: string): string {
  return `${r}.run_id in (select e.run_id from ${quotedSchema}.event e
    where e.outcome = 'failed' or e.action = 'resolve')`
}

/** What each column is of a row `r` of the table `revision`. */
function columnsOf(quotedSchema: string): Readonly<Record<keyof LedgerColumns, string>> {
  return {
    id: 'r.revision',
    parents: 'r.parents',
    depends: 'r.depends',
    labels: 'r.labels',
    message: 'r.message',
    created: 'r.created',
    checksum: 'r.checksum',
    direction: 'r.pending_direction',
    statementsDone: 'r.statements_done',
    hasEnded: `r.state = 'pending' and ${runHasEnded(quotedSchema, 'r')}`,
    appliedAt: `to_char(r.applied_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
    appliedBy: 'r.applied_by',
    runId: 'r.run_id',
    hasDown: 'r.down_script is not null',
  }
}
