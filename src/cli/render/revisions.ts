import type { RevisionGraph } from '../../graph/revision-graph.ts'
import type { Revision, RevisionId } from '../../revision/revision.ts'
import { printable, printableLine } from './printable.ts'
import type { Style } from './style.ts'

/** A revision in one line, as `heads` lists it: `4f1c2ab39d07 (billing) (head), add invoices`. */
export function renderRevision(revision: Revision, graph: RevisionGraph, style: Style): string {
  const marks = [...labelMarks(revision), ...placeMarks(revision, graph)].map(mark => ` ${mark}`).join('')
  const message = revision.message === '' ? '' : `, ${printableLine(revision.message)}`
  return `${style.yellow(revision.id)}${style.green(marks)}${message}`
}

/** A revision with where it comes from, as `history` lists it: `9a0b -> 4f1c (head), add invoices`. */
export function renderStepOfHistory(revision: Revision, graph: RevisionGraph, style: Style): string {
  const from = revision.parents.length === 0 ? '<base>' : revision.parents.join(', ')
  const depends = revision.depends.length === 0 ? '' : ` (${revision.depends.join(', ')})`
  return `${from}${depends} -> ${renderRevision(revision, graph, style)}`
}

/** A branch point with its children underneath. */
export function renderBranchPoint(
  revision: Revision,
  children: readonly Revision[],
  graph: RevisionGraph,
  style: Style,
): string {
  const lines = children.map(child => `    -> ${renderRevision(child, graph, style)}`)
  return [renderRevision(revision, graph, style), ...lines].join('\n')
}

/** Everything the files say of a revision, a fact a line. */
export function renderRevisionDetails(revision: Revision, graph: RevisionGraph, style: Style): string {
  const {
    id,
    parents,
    labels,
    depends,
    created,
    author,
    replaces,
    irreversible,
    destructive,
    message,
    parts,
  } = revision
  const marks = placeMarks(revision, graph).map(mark => ` ${mark}`)
  const facts: readonly (readonly [string, string])[] = [
    ['revision', style.yellow(id) + style.green(marks.join(''))],
    [parents.length > 1 ? 'merges' : 'parents', parents.join(', ') || '<base>'],
    ['children', graph.children(id).join(', ')],
    ['labels', labels.join(', ')],
    ['depends', depends.join(', ')],
    ['replaces', replaces.join(', ')],
    ['created', created],
    ['author', printableLine(author ?? '')],
    ['irreversible', printableLine(irreversible ?? '')],
    ['destructive', printableLine(destructive ?? '')],
    ['up', printable(parts.up)],
    ['down', printable(parts.down ?? '')],
    ['verify', printable(parts.verify ?? '')],
  ]
  const lines = facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${`${name}:`.padEnd(14)}${value}`)
  return message === '' ? lines.join('\n') : [...lines, '', `    ${printableLine(message)}`].join('\n')
}

/** Ids with their messages, one a line. */
export function renderIds(
  ids: readonly RevisionId[],
  messageOf: (id: RevisionId) => string,
  style: Style,
): string {
  return ids.map(id => `    ${style.yellow(id)}  ${printableLine(messageOf(id))}`.trimEnd()).join('\n')
}

function labelMarks({ labels }: Revision): string[] {
  return labels.length === 0 ? [] : [`(${labels.join(', ')})`]
}

function placeMarks({ id, parents }: Revision, graph: RevisionGraph): string[] {
  const children = graph.children(id)
  return [
    ...(children.length === 0 ? ['(head)'] : []),
    ...(children.length > 1 ? ['(branch point)'] : []),
    ...(parents.length > 1 ? ['(merge point)'] : []),
  ]
}
