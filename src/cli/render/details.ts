import type { View } from '../../actions/read-view.ts'
import { type Membership, membership } from '../../graph/trunk.ts'
import type { RevisionId } from '../../revision/revision.ts'
import { printable, printableLine } from './printable.ts'
import { renderMarks, STANDING_WORDS } from './revisions.ts'
import type { Style } from './style.ts'

/**
 * Gives what renders everything that is known of a revision, a fact a line; of one that only the database knows, what
 * its ledger says.
 */
export function detailsRenderer(view: View, style: Style): (id: RevisionId) => readonly string[] {
  const members = membership(view.graph)
  return id => renderDetails(id, view, members, style)
}

function renderDetails(id: RevisionId, view: View, members: Membership, style: Style): readonly string[] {
  const revision = view.graph.revision(id)
  if (revision === undefined) return []
  const title = style.yellow(id) + renderMarks({ ...revision, labels: [] }, view, style)
  const facts: readonly Fact[] = [
    ['revision', title],
    ...placeFacts(id, view, members),
    ['created', printableLine(revision.created)],
    ...fileFacts(id, view),
    ...databaseFacts(id, view),
  ]
  const lines = facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${`${name}:`.padEnd(14)}${value}`)
  return revision.message === '' ? lines : [...lines, '', `    ${printableLine(revision.message)}`]
}

type Fact = readonly [name: string, value: string]

function placeFacts(id: RevisionId, { graph }: View, { trunk, branchesOf }: Membership): Fact[] {
  const { parents = [], labels = [], depends = [] } = graph.revision(id) ?? {}
  const children = graph.children(id)
  const needing = graph.dependents(id).filter(dependent => !children.includes(dependent))
  return [
    [parents.length > 1 ? 'merges' : 'parents', parents.join(', ') || '<base>'],
    ['children', children.join(', ')],
    ['labels', labels.join(', ')],
    ['branch', trunk.has(id) ? 'the trunk' : branchesOf(id).join(', ')],
    ['depends', depends.join(', ')],
    ['needed by', needing.join(', ')],
  ]
}

function fileFacts(id: RevisionId, { revisions }: View): Fact[] {
  const revision = revisions.get(id)
  if (revision === undefined) return []
  const { author = '', replaces, irreversible = '', destructive = '', parts } = revision
  return [
    ['replaces', replaces.join(', ')],
    ['author', printableLine(author)],
    ['irreversible', printableLine(irreversible)],
    ['destructive', printableLine(destructive)],
    ['up', printable(parts.up)],
    ['down', printable(parts.down ?? '')],
    ['verify', printable(parts.verify ?? '')],
  ]
}

function databaseFacts(id: RevisionId, { standings }: View): Fact[] {
  if (standings === undefined) return []
  const entry = standings.entryOf(id)
  const when =
    entry && entry.pending === undefined ? `${entry.appliedAt} by ${printableLine(entry.appliedBy)}` : ''
  return [
    ['database', STANDING_WORDS[standings.standingOf(id)].mark],
    ['applied', when],
  ]
}
