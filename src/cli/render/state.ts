import type { DatabaseState } from '../../actions/read-state.ts'
import type { RevisionId } from '../../revision/revision.ts'
import { renderIds, renderRevision } from './revisions.ts'
import type { Style } from './style.ts'

/** Where a database stands, a head a line. */
export function renderCurrent({ heads, history, unknown }: DatabaseState, style: Style): string {
  if (heads.length === 0) return 'Nothing is applied.'
  return heads
    .map(id => {
      const revision = history.revisions.get(id)
      if (revision) return renderRevision(revision, history, style)
      return `${style.yellow(id)} ${style.red(unknown.includes(id) ? '(no file here)' : '')}`.trimEnd()
    })
    .join('\n')
}

/** A database beside this checkout: first the numbers, then each kind of finding with its revisions. */
export function renderStatus(state: DatabaseState, style: Style): string {
  const { ledger, heads, pending, unknown, changed, missed, incomplete } = state
  const messageOf = (id: RevisionId) =>
    state.history.revisions.get(id)?.message ?? ledger.revisions.find(row => row.id === id)?.message ?? ''
  const section = (title: string, ids: readonly RevisionId[]) =>
    ids.length === 0 ? [] : [`${title}:`, renderIds(ids, messageOf, style)]
  const applied = ledger.revisions.filter(row => row.pending?.direction !== 'up').length
  return [
    `applied: ${applied}, pending: ${pending.length}`,
    `heads:   ${heads.length === 0 ? 'none, nothing is applied' : heads.map(style.yellow).join(', ')}`,
    ...section('pending, in the order upgrade would apply them', pending),
    ...section(style.yellow('missed: older than what is applied, and not applied themselves'), missed),
    ...section(style.red('stopped half-way'), incomplete),
    ...section(
      style.red('changed in their files since they were applied'),
      changed.map(({ id }) => id),
    ),
    ...section(style.red('unknown: applied, but without a file here'), unknown),
    ...(isInStep(state) ? [style.green('The database is up to date.')] : []),
  ].join('\n')
}

function isInStep({ pending, unknown, changed, incomplete }: DatabaseState): boolean {
  return [pending, unknown, changed, incomplete].every(ids => ids.length === 0)
}
