import type { Finding } from '../../actions/doctor/finding.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'

/** A diagnosis: a line for each finding, what to do below it, and what it comes to. */
export function renderFindings(findings: readonly Finding[], style: Style): string {
  return [...findings.flatMap(finding => renderFinding(finding, style)), '', verdict(findings, style)].join(
    '\n',
  )
}

function renderFinding({ check, outcome, message, advice }: Finding, style: Style): string[] {
  const paint = { ok: style.green, warning: style.yellow, problem: style.red }[outcome]
  const text = printable(message).replaceAll('\n', `\n${INDENT}`)
  const head = `${paint(outcome.padEnd(8))} ${style.bold(check.padEnd(16))} ${text}`
  return [head, ...advice.map(line => `${INDENT}${style.cyan('→')} ${printable(line)}`)]
}

const INDENT = ' '.repeat(26)

function verdict(findings: readonly Finding[], style: Style): string {
  const problems = findings.filter(({ outcome }) => outcome === 'problem').length
  if (problems === 0) return style.green('No problem was found.')
  return style.red(problems === 1 ? '1 problem was found.' : `${problems} problems were found.`)
}
