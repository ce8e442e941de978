import type { BranchVerdict } from '../../actions/prove-convergence.ts'
import {
  type Conflict,
  describeConflict,
  type Failure,
  type SchemaChange,
} from '../../errors/proof-errors.ts'
import type { Verdict } from '../../scratch/convergence.ts'
import { printable, printableLine } from './printable.ts'
import type { Style } from './style.ts'

/** Why two heads conflict, in lines: the statement that fails, or the difference in words and as SQL. */
export function renderConflict(conflict: Conflict, style: Style): string[] {
  const { failure, changes, sql } = conflict
  return [
    `${style.red('conflict:')} ${printable(describeConflict(conflict))}`,
    ...(failure ? renderExcerpt(failure, style) : []),
    ...renderDifference(changes, sql, style),
  ]
}

/** Where a script failed, and how it looks there. */
export function renderExcerpt({ file, line, excerpt }: Failure, style: Style): string[] {
  if (file === undefined) return []
  return [
    `    ${style.bold(printableLine(`${file}:${line}`))}`,
    ...indented(excerpt ?? '').map(text => `  ${text}`),
  ]
}

/** How two heads get on: what each branch touches, and what keeps them apart. */
export function renderBranchVerdict(verdict: BranchVerdict, style: Style): string[] {
  const { heads, touched, conflicts } = verdict
  const isJoinable = conflicts.length === 0
  const branches = heads.flatMap((head, index) => [
    `  ${style.yellow(head)} touches:`,
    ...(touched[index] ?? []).map(object => `    ${printableLine(object)}`),
  ])
  return [
    `${heads.map(style.yellow).join(' and ')} ${isJoinable ? style.green('commute') : style.red('conflict')}`,
    ...branches,
    ...conflicts.flatMap(conflict => renderConflict(conflict, style)),
    ...proofWarnings(verdict).map(warning => `${style.yellow('warning:')} ${printableLine(warning)}`),
  ]
}

/** A difference in words, then as SQL; both indented. */
export function renderDifference(changes: readonly SchemaChange[], sql: string, style: Style): string[] {
  const words = changes.map(
    ({ object, what }) => `  ${style.yellow(printableLine(object))}: ${printableLine(what)}`,
  )
  return [...words, ...indented(sql).map(style.dim)]
}

/** What a proof could not see, or does not mind. */
export function proofWarnings({
  columnOrder,
  notCompared,
}: Pick<Verdict, 'columnOrder' | 'notCompared'>): string[] {
  const ordered = columnOrder.map(table => `the columns of ${table} stand in another order`)
  return [...ordered, ...notCompared.map(what => `not compared: ${what}`)]
}

function indented(text: string): string[] {
  return text === ''
    ? []
    : printable(text)
        .split('\n')
        .map(line => `    ${line}`)
}
