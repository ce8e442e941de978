import type { ImportReport } from '../../actions/import-history.ts'
import type { Finding } from '../../import/finding.ts'
import { printableLine } from './printable.ts'
import type { Style } from './style.ts'

/** What an import did, or would do: the files, and what it comes to. */
export function renderImport(
  { format, written, kept, applied, adoption }: ImportReport,
  isDryRun: boolean,
): string {
  const verb = isDryRun ? 'would write' : 'wrote'
  const lines = written.flatMap(({ parts }) => Object.values(parts).map(file => `${verb} ${file}`))
  const already = kept.length > 0 ? `, ${counted(kept.length)} here already` : ''
  const summary = `${verb} ${counted(written.length)} from ${format}${already}.`
  return [...lines, capitalized(summary), ...renderApplied(applied, adoption)].map(printableLine).join('\n')
}

/** A finding with its place. */
export function renderFinding({ severity, message, file, line, column }: Finding, style: Style): string {
  const place = [file, line, column].filter(part => part !== undefined).join(':')
  const label = severity === 'remark' ? 'note:' : style.yellow('warning:')
  return `${label} ${printableLine(place ? `${place}: ${message}` : message)}`
}

/** An import as `--json` prints it. */
export function importDocument({ format, written, kept, findings, applied, adoption }: ImportReport) {
  return {
    format,
    revisions: written.map(({ id, version, parents, depends, labels, message, created, sources, parts }) => ({
      ...{ revision: id, version, parents, depends, labels, message, created, sources },
      files: Object.values(parts),
    })),
    kept,
    findings,
    ...(applied && { applied }),
    ...(adoption && { heads: adoption.heads }),
  }
}

function renderApplied(applied: ImportReport['applied'], adoption: ImportReport['adoption']): string[] {
  if (applied === undefined) return []
  if (adoption === undefined) return [`The database has ${counted(applied.length)} of them.`]
  const stands = adoption.heads.join(', ') || 'base'
  return [`Recorded ${counted(adoption.steps.length)} as applied: the database stands at ${stands}.`]
}

function counted(count: number): string {
  return count === 1 ? '1 revision' : `${count} revisions`
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
