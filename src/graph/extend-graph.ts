import { buildGraph, type GraphRevision, type RevisionGraph } from './revision-graph.ts'

/**
 * The graph with revisions that only a database knows, each above the parents it was applied on.
 *
 * Takes the rows of a ledger in the order they were applied; those the graph knows already are passed over. What a
 * ledger says may not fit these files any more: an edge leads to the graph or to a row before it, so that no cycle
 * can come of it, and a label that is taken stays where it is.
 */
export function extendGraph(graph: RevisionGraph, rows: readonly GraphRevision[]): RevisionGraph {
  if (rows.every(({ id }) => graph.has(id))) return graph
  const revisions = graph.ids.flatMap(id => graph.revision(id) ?? [])
  const names = new Set<string>([...graph.ids, ...graph.labels.keys()])
  for (const row of rows) {
    if (graph.has(row.id)) continue
    const isNamed = (name: string) => names.has(name) && name !== row.id
    const { id, message, created } = row
    const parents = row.parents.filter(parent => isNamed(parent) && !graph.labels.has(parent))
    const depends = row.depends.filter(isNamed)
    const labels = row.labels.filter(label => !names.has(label))
    revisions.push({ id, message, created, parents, depends, labels })
    for (const name of [id, ...labels]) names.add(name)
  }
  return buildGraph(revisions)
}
