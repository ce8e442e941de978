import type { Operation } from '../../actions/list-operations.ts'
import { printable, printableLine } from './printable.ts'
import type { Style } from './style.ts'

/** An operation: its name and arguments, those that may be left out in brackets, and its help. */
export function renderOperation(
  { name, arguments: { required, optional }, help }: Operation,
  style: Style,
): string {
  const parameters = [...required, ...optional.map(parameter => `[${parameter}]`)].map(printableLine)
  const lines = help === '' ? [] : printable(help).split('\n')
  return [
    [style.bold(printableLine(name)), ...parameters].join(' '),
    ...lines.map(line => `    ${line}`.trimEnd()),
  ].join('\n')
}
