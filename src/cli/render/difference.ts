import type { LineRun } from '../../script/line-difference.ts'
import { printableLine } from './printable.ts'
import type { Style } from './style.ts'

/** How many lines around a change are shown. */
const CONTEXT = 3

/** A difference as `git diff` shows it, with `…` where lines that are the same are left out. */
export function renderDifference(runs: readonly LineRun[], style: Style): string[] {
  if (runs.every(({ kind }) => kind === 'same')) return ['  The SQL that is run is the same.']
  return runs.flatMap(({ kind, lines }, index) => {
    if (kind === 'removed') return lines.map(line => style.red(`- ${printableLine(line)}`))
    if (kind === 'added') return lines.map(line => style.green(`+ ${printableLine(line)}`))
    return around(lines, { isFirst: index === 0, isLast: index === runs.length - 1 })
  })
}

function around(
  lines: readonly string[],
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): string[] {
  const above = isFirst ? 0 : CONTEXT
  const below = isLast ? 0 : CONTEXT
  const same = (line: string) => `  ${printableLine(line)}`.trimEnd()
  if (lines.length <= above + below) return lines.map(same)
  const left = isFirst || isLast ? [] : ['  …']
  return [...lines.slice(0, above).map(same), ...left, ...lines.slice(lines.length - below).map(same)]
}
