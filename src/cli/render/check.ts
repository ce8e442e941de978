import { type CheckReport, isClean } from '../../actions/check.ts'
import { printableLine } from './printable.ts'
import { proofWarnings, renderDifference } from './proof.ts'
import type { Style } from './style.ts'

/** What a check found, a finding a line; drift with the SQL that would mend it. */
export function renderCheck(report: CheckReport, style: Style): string {
  const { tooManyHeads, unknown, changed, missed, incomplete, drift, unmade } = report
  const findings: readonly (readonly [string, readonly string[]])[] = [
    ['more heads than allowed', tooManyHeads],
    ['applied, but without a file here', unknown],
    ['changed since they were applied', changed.map(({ id, file }) => `${id} (${file})`)],
    ['required by what is applied, but not applied', missed],
    ['stopped half-way', incomplete],
  ]
  const lines = findings
    .filter(([, found]) => found.length > 0)
    .map(([what, found]) => `${style.red(`${what}:`)} ${printableLine(found.join(', '))}`)
  return [
    ...lines,
    ...renderDrift(drift, style),
    ...renderUnmade(unmade, style),
    ...(isClean(report) ? [style.green('Nothing found.')] : []),
  ].join('\n')
}

function renderDrift(drift: CheckReport['drift'], style: Style): string[] {
  if (drift === undefined)
    return [
      `${style.yellow('warning:')} the schema was not checked, for files and ledger do not agree on what it should be`,
    ]
  const warnings = proofWarnings(drift).map(
    warning => `${style.yellow('warning:')} ${printableLine(warning)}`,
  )
  if (drift.changes.length === 0) return warnings
  return [
    style.red('the schema is not what the revisions give:'),
    ...renderDifference(drift.changes, drift.sql, style),
    ...warnings,
  ]
}

function renderUnmade(unmade: CheckReport['unmade'], style: Style): string[] {
  if (unmade === undefined || unmade.changes.length === 0) return []
  return [
    style.red('no revision makes what the desired schema has:'),
    ...renderDifference(unmade.changes, unmade.sql, style),
    `${style.cyan('→')} sqlbraid revision --autogenerate -m "…"`,
  ]
}
