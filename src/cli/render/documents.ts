import type { DatabaseState } from '../../actions/read-state.ts'
import type { RevisionGraph } from '../../graph/revision-graph.ts'
import type { Revision } from '../../revision/revision.ts'

/** A revision as `--json` prints it; scripts rely on these names. */
export function revisionDocument(
  { id, parents, depends, labels, message, parts }: Revision,
  graph: RevisionGraph,
) {
  const children = graph.children(id)
  return {
    revision: id,
    parents,
    depends,
    labels,
    message,
    file: parts.up,
    isHead: children.length === 0,
    isBase: parents.length === 0,
    isBranchPoint: children.length > 1,
    isMergePoint: parents.length > 1,
  }
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
  const { database, heads, pending, unknown, changed, missed, incomplete } = state
  return {
    database,
    heads,
    applied: currentDocument(state).applied.length,
    pending,
    unknown,
    changed: changed.map(({ id }) => id),
    missed,
    incomplete,
  }
}
