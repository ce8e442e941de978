import type { View } from '../../actions/read-view.ts'
import type { Standing } from '../../actions/standing.ts'
import type { GraphRevision, RevisionGraph } from '../../graph/revision-graph.ts'
import type { RevisionId } from '../../revision/revision.ts'
import { printableLine } from './printable.ts'
import type { Style } from './style.ts'

/** A revision in one line, as `heads` lists it: `4f1c2ab39d07 (billing) (head), add invoices`. */
export function renderRevision(revision: GraphRevision, view: View, style: Style): string {
  const message = revision.message === '' ? '' : `, ${printableLine(revision.message)}`
  return `${style.yellow(revision.id)}${renderMarks(revision, view, style)}${message}`
}

/** A revision with where it comes from, as `history` lists it: `9a0b -> 4f1c (head), add invoices`. */
export function renderStepOfHistory(revision: GraphRevision, view: View, style: Style): string {
  const from = revision.parents.length === 0 ? '<base>' : revision.parents.join(', ')
  const depends = revision.depends.length === 0 ? '' : ` (${revision.depends.join(', ')})`
  return `${from}${depends} -> ${renderRevision(revision, view, style)}`
}

/** What there is to say of a revision after its id, each mark with a space before it. */
export function renderMarks(revision: GraphRevision, view: View, style: Style): string {
  const { labels } = revision
  const own = [...(labels.length === 0 ? [] : [labels.join(', ')]), ...placeMarks(revision, view.graph)]
  return [
    ...own.map(mark => style.green(`(${mark})`)),
    ...standingMarks(revision.id, view.standings).map(({ mark, colour }) => style[colour](`(${mark})`)),
  ]
    .map(mark => ` ${mark}`)
    .join('')
}

/** Ids with their messages, one a line. */
export function renderIds(
  ids: readonly RevisionId[],
  messageOf: (id: RevisionId) => string,
  style: Style,
): string {
  return ids.map(id => `    ${style.yellow(id)}  ${printableLine(messageOf(id))}`.trimEnd()).join('\n')
}

/** How each standing is said and coloured; that a revision is applied needs no word. */
export const STANDING_WORDS: Readonly<
  Record<Standing, { readonly mark: string; readonly colour: keyof Style }>
> = {
  applied: { mark: 'applied', colour: 'green' },
  changed: { mark: 'changed since it was applied', colour: 'red' },
  incomplete: { mark: 'stopped half-way', colour: 'red' },
  pending: { mark: 'pending', colour: 'yellow' },
  unknown: { mark: 'not in this checkout', colour: 'red' },
}

function placeMarks({ id, parents }: GraphRevision, graph: RevisionGraph): string[] {
  const children = graph.children(id)
  const head = graph.dependents(id).length > 0 ? 'effective head' : 'head'
  return [
    ...(children.length === 0 ? [head] : []),
    ...(children.length > 1 ? ['branch point'] : []),
    ...(parents.length > 1 ? ['merge point'] : []),
  ]
}

function standingMarks(id: RevisionId, standings: View['standings']) {
  if (standings === undefined) return []
  const standing = standings.standingOf(id)
  return [
    ...(standings.current.has(id) ? [{ mark: 'current', colour: 'cyan' } as const] : []),
    ...(standing === 'applied' ? [] : [STANDING_WORDS[standing]]),
  ]
}
