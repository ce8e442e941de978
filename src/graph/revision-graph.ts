import type { RevisionId } from '../revision/revision.ts'

/** What the graph needs of a revision; one known only from a database's ledger has it too. */
export interface GraphRevision {
  readonly id: RevisionId
  /** In the order of the header; empty for a base. */
  readonly parents: readonly RevisionId[]
  readonly labels: readonly string[]
  /** Ids or labels of revisions that must be applied first, without being ancestors. */
  readonly depends: readonly string[]
  readonly message: string
  /** Compared as text; may be empty. */
  readonly created: string
}

/**
 * A history: revisions, and who stands on whom. Every list is in (created, id) order, except `parents`
 * and `requirements`, which keep the header's; an id the graph does not know has none of them.
 */
export interface RevisionGraph {
  readonly ids: readonly RevisionId[]
  /** Each label, and the revision that carries it. */
  readonly labels: ReadonlyMap<string, RevisionId>
  has(id: RevisionId): boolean
  /** The place of `id` among `ids`; -1 for one that the graph does not know. */
  rank(id: RevisionId): number
  revision(id: RevisionId): GraphRevision | undefined
  parents(id: RevisionId): readonly RevisionId[]
  children(id: RevisionId): readonly RevisionId[]
  /** The parents and the dependencies: all that must be applied before `id`. */
  requirements(id: RevisionId): readonly RevisionId[]
  /** The children and the revisions that depend on `id`: all that must be reverted before it. */
  dependents(id: RevisionId): readonly RevisionId[]
}

/**
 * Builds the graph of a set of revisions, given in any order. The set must be clean: `findGraphProblems`
 * finds nothing in it.
 */
export function buildGraph(revisions: readonly GraphRevision[]): RevisionGraph {
  const ordered = inOrder(revisions)
  const labels = new Map<string, RevisionId>()
  for (const { id, labels: carried } of ordered) for (const label of carried) labels.set(label, id)
  const nodes = new Map<RevisionId, Node>()
  for (const revision of ordered) nodes.set(revision.id, loneNode(revision, nodes.size, labels))
  for (const { id, parents } of ordered) for (const parent of parents) addChild(nodes.get(parent), id)
  const dependents = findDependents(ordered, nodes)
  return {
    ids: ordered.map(({ id }) => id),
    labels,
    has: id => nodes.has(id),
    rank: id => nodes.get(id)?.rank ?? -1,
    revision: id => nodes.get(id)?.revision,
    parents: id => nodes.get(id)?.revision.parents ?? NONE,
    children: id => nodes.get(id)?.children ?? NONE,
    requirements: id => nodes.get(id)?.requirements ?? NONE,
    dependents: id => dependents.get(id) ?? nodes.get(id)?.children ?? NONE,
  }
}

/** `revisions` as `compareRevisions` orders them; themselves where they are, as files named by time mostly are. */
export function inOrder(revisions: readonly GraphRevision[]): readonly GraphRevision[] {
  const isInOrder = revisions.every(
    (revision, at) => at === 0 || compareRevisions(revisions[at - 1] as GraphRevision, revision) <= 0,
  )
  return isInOrder ? revisions : [...revisions].sort(compareRevisions)
}

/**
 * The order between revisions that no requirement orders: by `created`, then by id. Both are compared by
 * code unit, never by a locale, so that every machine agrees.
 */
export function compareRevisions(a: GraphRevision, b: GraphRevision): number {
  return compareText(a.created, b.created) || compareText(a.id, b.id)
}

interface Node {
  readonly revision: GraphRevision
  readonly rank: number
  /** The parents themselves where there is no dependency. */
  readonly requirements: readonly RevisionId[]
  children: RevisionId[] | undefined
}

const NONE: readonly RevisionId[] = []

function loneNode(revision: GraphRevision, rank: number, labels: ReadonlyMap<string, RevisionId>): Node {
  const { parents, depends } = revision
  if (depends.length === 0) return { revision, rank, requirements: parents, children: undefined }
  const dependencies = depends.map(name => labels.get(name) ?? (name as RevisionId))
  return { revision, rank, requirements: [...new Set([...parents, ...dependencies])], children: undefined }
}

/** A list starts with its first member: most have one, and an empty list that grows takes room for many. */
function addChild(parent: Node | undefined, id: RevisionId): void {
  if (parent?.children) parent.children.push(id)
  else if (parent) parent.children = [id]
}

/** Of the revisions that others may depend on; those of all the rest are their children. */
function findDependents(
  revisions: readonly GraphRevision[],
  nodes: ReadonlyMap<RevisionId, Node>,
): ReadonlyMap<RevisionId, RevisionId[]> {
  const dependents = new Map<RevisionId, RevisionId[]>()
  for (const { id, depends } of revisions)
    if (depends.length > 0)
      for (const required of nodes.get(id)?.requirements ?? NONE) dependents.set(required, [])
  if (dependents.size === 0) return dependents
  for (const { revision, requirements } of nodes.values())
    for (const id of requirements) dependents.get(id)?.push(revision.id)
  return dependents
}

function compareText(a: string, b: string): number {
  if (a < b) return -1
  return a > b ? 1 : 0
}
