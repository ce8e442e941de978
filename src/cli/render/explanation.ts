import type { RevisionExplanation } from '../../actions/explain-revision.ts'
import type { RevisionId } from '../../revision/revision.ts'
import { renderRevision } from './revisions.ts'
import type { Style } from './style.ts'

/** Why `upgrade` contains a revision, or why it does not: what was asked for, then link by link down to the revision. */
export function renderExplanation(
  { explanation, ...view }: RevisionExplanation,
  targets: readonly string[],
  style: Style,
): string {
  const { revision, state, path } = explanation
  const command = `\`upgrade ${targets.join(' ')}\``
  const line = (id: RevisionId) => {
    const found = view.graph.revision(id)
    return found === undefined ? id : renderRevision(found, view, style)
  }
  const name = style.yellow(revision)
  const chain = [
    `  ${line(path[0]?.revision ?? revision)} is what was asked for`,
    ...path.map(link => `  ${line(link.required)} is needed by ${link.revision} as its ${link.reason}`),
  ]
  if (state === 'not required') return `${name} is not applied by ${command}: no target needs it.`
  if (state === 'planned') return [`${name} is applied by ${command}, because`, ...chain].join('\n')
  if (path.length === 0) return `${name} is applied already.`
  return [`${name} is applied already; ${command} needs it, because`, ...chain].join('\n')
}
