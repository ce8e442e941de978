import type { LintReport } from '../../actions/lint/lint.ts'
import { printableLine } from './printable.ts'
import type { Style } from './style.ts'

/** A line for each finding, as compilers write it, so that editors find the place; what to do below it. */
export function renderLint({ findings, revisions }: LintReport, style: Style): string {
  const lines = findings.flatMap(({ file, line, column, message, help, rule }) => [
    `${style.bold(printableLine(`${file}:${line}:${column}`))}: ${printableLine(message)} ${style.dim(`[${rule}]`)}`,
    ...(help === undefined ? [] : [`  ${style.cyan('→')} ${printableLine(help)}`]),
  ])
  const looked = revisions.length === 1 ? '1 revision' : `${revisions.length} revisions`
  const found = findings.length === 1 ? '1 finding' : `${findings.length} findings`
  return [
    ...lines,
    findings.length === 0 ? style.green(`${looked}: nothing found`) : `${looked}: ${found}`,
  ].join('\n')
}
