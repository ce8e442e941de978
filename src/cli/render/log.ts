import type { LoggedEvent } from '../../database/event-log.ts'
import { renderDuration } from './duration.ts'
import { printableLine } from './printable.ts'
import type { Style } from './style.ts'

/** The log as a table, an event a row, with the message of a failure below it; no row is wider than `width`. */
export function renderLog(events: readonly LoggedEvent[], width: number, style: Style): string {
  if (events.length === 0) return 'The log has no such events.'
  const rows = events.map(cells)
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map(row => row[column]?.length ?? 0)),
  )
  const line = (row: Row) =>
    cut(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '), width)
  const lines = events.map(event => paint(event, line(cells(event)), width, style))
  return [style.dim(line(HEADINGS)), ...lines].join('\n')
}

type Row = readonly string[]

const HEADINGS: Row = ['when (UTC)', 'run', 'what', 'revision', 'took', 'by', 'commit']

function cells(event: LoggedEvent): Row {
  const { happenedAt, runId, action, outcome, revision = '', durationMs, gitCommit = '' } = event
  return [
    happenedAt.slice(0, 19).replace('T', ' '),
    runId.slice(0, 8),
    outcome === 'failed' ? `${action} failed` : action,
    revision,
    renderDuration(durationMs),
    who(event),
    gitCommit.slice(0, 8),
  ].map(printableLine)
}

/** The database's user, and where that is another one, the system's user and machine. */
function who({ databaseUser, osUser, host }: LoggedEvent): string {
  const place = host === undefined ? (osUser ?? '') : `${osUser ?? '?'}@${host}`
  return place === '' ? databaseUser : `${databaseUser} (${place})`
}

function paint({ outcome, error }: LoggedEvent, line: string, width: number, style: Style): string {
  if (outcome === 'done') return line
  const message = printableLine(String(error?.['message'] ?? ''))
  return `${style.red(line)}\n${cut(`    ${message}`, width)}`
}

function cut(text: string, width: number): string {
  const characters = [...text.trimEnd()]
  return characters.length <= width ? characters.join('') : `${characters.slice(0, width - 1).join('')}…`
}
