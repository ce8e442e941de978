import type { DatabaseState } from '../../actions/read-state.ts'
import type { Ledger, LedgerRevision, PendingRun } from '../../database/ledger.ts'
import type { RevisionId } from '../../revision/revision.ts'
import { renderDifference } from './difference.ts'
import { renderIds, renderRevision } from './revisions.ts'
import type { Style } from './style.ts'

/** Where a database stands, a head a line. */
export function renderCurrent({ heads, history, ledger }: DatabaseState, style: Style): string {
  if (heads.length === 0) return nothingApplied(ledger)
  return heads
    .map(id => {
      const revision = history.revisions.get(id)
      if (revision) return renderRevision(revision, history, style)
      return `${style.yellow(id)} ${style.red('(no file here)')}`
    })
    .join('\n')
}

/** A database beside this checkout: first the numbers, then each kind of finding with its revisions. */
export function renderStatus(state: DatabaseState, style: Style): string {
  const { ledger, heads, pending, unknown, changed, missed, incomplete, differences = [] } = state
  const messageOf = (id: RevisionId) =>
    state.history.revisions.get(id)?.message ?? ledger.revisions.find(row => row.id === id)?.message ?? ''
  const fileOf = (id: RevisionId) => changed.find(one => one.id === id)?.file ?? ''
  const progressOf = (id: RevisionId) => renderPending(ledger.revisions.find(row => row.id === id)?.pending)
  const placeOf = (id: RevisionId) => renderPlace(ledger.revisions.find(row => row.id === id))
  const section = (title: string, ids: readonly RevisionId[], textOf = messageOf) =>
    ids.length === 0 ? [] : [`${title}:`, renderIds(ids, textOf, style)]
  const applied = ledger.revisions.filter(row => row.pending?.direction !== 'up').length
  return [
    `applied: ${applied}, pending: ${pending.length}`,
    `heads:   ${heads.length === 0 ? `none. ${nothingApplied(ledger)}` : heads.map(style.yellow).join(', ')}`,
    ...section('pending, in the order upgrade would apply them', pending),
    ...section(style.yellow('missed: older than what is applied, and not applied themselves'), missed),
    ...section(style.red('stopped half-way'), incomplete, progressOf),
    ...section(
      style.red('changed in their files since they were applied'),
      changed.map(({ id }) => id),
      fileOf,
    ),
    ...differences.flatMap(({ revision, runs }) => [
      `changes of ${style.yellow(revision)}:`,
      ...renderDifference(runs, style).map(line => `    ${line}`.trimEnd()),
    ]),
    ...section(style.red('unknown: applied, but without a file here'), unknown, placeOf),
    ...(isInStep(state) ? [style.green('The database is up to date.')] : []),
  ].join('\n')
}

/** A database that sqlbraid has never changed is perhaps not the one that was meant. */
function nothingApplied({ version }: Ledger): string {
  return version === 0
    ? 'Nothing is applied: sqlbraid has never changed this database.'
    : 'Nothing is applied.'
}

/** What a revision that only the database knows stands on, and whether it can be reverted. */
function renderPlace(row: LedgerRevision | undefined): string {
  if (row === undefined) return ''
  const place = row.parents.length === 0 ? 'a base' : `on ${row.parents.join(', ')}`
  return `${row.message} (${place}${row.hasDown ? '' : ', without a down script'})`.trim()
}

function renderPending(pending: PendingRun | undefined): string {
  if (!pending) return ''
  const { direction, statementsDone: done } = pending
  return `going ${direction}, ${done === 1 ? '1 statement is' : `${done} statements are`} done`
}

function isInStep({ pending, unknown, changed, incomplete }: DatabaseState): boolean {
  return [pending, unknown, changed, incomplete].every(ids => ids.length === 0)
}
