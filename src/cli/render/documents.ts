import type { BranchPoint } from '../../actions/read-branches.ts'
import type { DatabaseState } from '../../actions/read-state.ts'
import type { View } from '../../actions/read-view.ts'
import { membership } from '../../graph/trunk.ts'
import type { Revision, RevisionId } from '../../revision/revision.ts'

/**
 * A revision as `--json` prints it; scripts rely on these names. `file` is null for a revision that only the database
 * knows; `state` and `isCurrent` are there when a database was read.
 */
export function revisionDocument(id: RevisionId, { graph, revisions, standings }: View) {
  const { parents = [], depends = [], labels = [], message = '' } = graph.revision(id) ?? {}
  const children = graph.children(id)
  return {
    revision: id,
    parents,
    depends,
    labels,
    message,
    file: revisions.get(id)?.parts.up ?? null,
    isHead: children.length === 0,
    isEffectiveHead: children.length === 0 && graph.dependents(id).length > 0,
    isBase: parents.length === 0,
    isBranchPoint: children.length > 1,
    isMergePoint: parents.length > 1,
    ...(standings && { state: standings.standingOf(id), isCurrent: standings.current.has(id) }),
  }
}

/** Everything that is known of a revision, as `show` prints it. */
export function revisionDetailsDocument(id: RevisionId, view: View) {
  const { graph, revisions, standings } = view
  const { created = '' } = graph.revision(id) ?? {}
  const { author, replaces = [], irreversible, destructive, parts } = revisions.get(id) ?? {}
  const { trunk, branchesOf } = membership(graph)
  const entry = standings?.entryOf(id)
  return {
    ...revisionDocument(id, view),
    children: graph.children(id),
    isOnTrunk: trunk.has(id),
    branches: branchesOf(id),
    created,
    ...{ author, replaces, irreversible, destructive, parts },
    ...(entry && { appliedAt: entry.appliedAt, appliedBy: entry.appliedBy }),
  }
}

/** A branch point as `branches` prints it. */
export function branchPointDocument({ id, diverged }: BranchPoint, view: View) {
  return { ...revisionDocument(id, view), children: view.graph.children(id), diverged }
}

/** A revision just written; a new one is always a head. */
export function writtenDocument(revision: Revision) {
  const { id, parents, depends, labels, message, parts } = revision
  return {
    revision: id,
    parents,
    depends,
    labels,
    message,
    file: parts.up,
    isHead: true,
    isBase: parents.length === 0,
    isBranchPoint: false,
    isMergePoint: parents.length > 1,
    files: [parts.up, parts.down].filter(file => file !== undefined),
  }
}

export function currentDocument({ heads, ledger, unknown, pending }: DatabaseState) {
  const applied = ledger.revisions
    .filter(revision => revision.pending?.direction !== 'up')
    .map(({ id }) => id)
  return { heads, applied, unknown, pending: pending.length }
}

export function statusDocument(state: DatabaseState) {
  const { database, heads, pending, unknown, changed, missed, incomplete, differences } = state
  return {
    database,
    heads,
    applied: currentDocument(state).applied.length,
    pending,
    unknown,
    changed: changed.map(({ id }) => id),
    missed,
    incomplete,
    ...(differences && { differences }),
  }
}
