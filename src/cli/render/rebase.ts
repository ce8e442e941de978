import type { RebaseReport } from '../../actions/rebase.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'

/** What a rebase rewrote, a file a line, and the heads that are left. */
export function renderRebase(
  { onto, changes, heads }: RebaseReport,
  { branch, isDryRun }: { readonly branch: string; readonly isDryRun: boolean },
  style: Style,
): string {
  if (changes.length === 0) return `Nothing to do: ${branch} stands on ${style.yellow(onto)} already.`
  const verb = isDryRun ? 'would rewrite' : 'rewrote'
  const lines = changes.map(
    ({ revision, file, from, to }) =>
      `${verb} ${printable(file)}\n  ${style.yellow(revision)}: parents ${from.join(', ') || 'none'} -> ${to.join(', ')}`,
  )
  return [...lines, `heads: ${heads.map(style.yellow).join(', ')}`].join('\n')
}
