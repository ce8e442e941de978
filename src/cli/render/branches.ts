import type { BranchPoint } from '../../actions/read-branches.ts'
import type { View } from '../../actions/read-view.ts'
import type { DivergedHead, Divergence } from '../../graph/divergence.ts'
import type { RevisionId } from '../../revision/revision.ts'
import { renderRevision } from './revisions.ts'
import type { Style } from './style.ts'

/** A branch point with its children underneath, and the heads that have parted from it. */
export function renderBranchPoint({ id, diverged }: BranchPoint, view: View, style: Style): string {
  const line = (revision: RevisionId) => {
    const found = view.graph.revision(revision)
    return found === undefined ? revision : renderRevision(found, view, style)
  }
  return [
    line(id),
    ...view.graph.children(id).map(child => `    -> ${line(child)}`),
    ...diverged.map(pair => `    ${renderDivergence(pair, style)}`),
  ].join('\n')
}

function renderDivergence({ heads: [left, right], ancestors }: Divergence, style: Style): string {
  const side = ({ head, revisions }: DivergedHead) => `${style.yellow(head)} by ${count(revisions)}`
  const also = ancestors.length > 1 ? ` (nearest in common: ${ancestors.join(', ')})` : ''
  return `diverged: ${side(left)}, ${side(right)}${also}`
}

function count(revisions: number): string {
  return revisions === 1 ? '1 revision' : `${revisions} revisions`
}
