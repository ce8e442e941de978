import { AmbiguousIdError, NotInLineageError, UnknownTargetError } from '../errors/graph-errors.ts'
import type { RevisionId } from '../revision/revision.ts'
import { nearestName } from './nearest-name.ts'
import type { RevisionGraph } from './revision-graph.ts'
import { SYMBOLS } from './target.ts'

/** How the errors about a name turn a better name into a command to paste. */
export type Suggest = (name: string) => string

/** The revisions that a name is looked for among, and the name of the lineage they are. */
export interface Lineage {
  readonly name: string
  readonly members: ReadonlySet<RevisionId>
}

/**
 * Finds the revision that a name means: an id or a label, or else the beginning of exactly one.
 * A label means the revision that carries it. With a lineage, only its members count.
 *
 * @throws UnknownTargetError, AmbiguousIdError, NotInLineageError
 */
export function resolveName(
  graph: RevisionGraph,
  name: string,
  suggest: Suggest,
  lineage?: Lineage,
): RevisionId {
  const matches = matchesOf(graph, name)
  const found = new Map([...matches].filter(([, id]) => lineage === undefined || lineage.members.has(id)))
  const [id, ...others] = new Set(found.values())
  if (id !== undefined && others.length === 0) return id
  if (id !== undefined) throw new AmbiguousIdError(name, [...found.keys()], [...found.keys()].map(suggest))
  if (lineage !== undefined && matches.size > 0) {
    throw new NotInLineageError([...matches.keys()], lineage.name, ['sqlbraid branches', 'sqlbraid history'])
  }
  const nearest = nearestName(name, [...SYMBOLS, ...namesOf(graph).keys()])
  throw new UnknownTargetError(name, nearest, [
    ...(nearest === undefined ? [] : [suggest(nearest)]),
    'sqlbraid history',
  ])
}

/** The names that `name` may stand for, with the revision each means. */
function matchesOf(graph: RevisionGraph, name: string): Map<string, RevisionId> {
  const exact = graph.has(name as RevisionId) ? (name as RevisionId) : graph.labels.get(name)
  if (exact !== undefined) return new Map([[name, exact]])
  return new Map([...namesOf(graph)].filter(([known]) => known.startsWith(name)))
}

function namesOf(graph: RevisionGraph): Map<string, RevisionId> {
  return new Map<string, RevisionId>([...graph.ids.map(id => [id, id] as const), ...graph.labels])
}
