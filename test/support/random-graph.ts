import fc from 'fast-check'
import { buildGraph, type GraphRevision, type RevisionGraph } from '../../src/graph/revision-graph.ts'
import { id, ids } from './draw.ts'

/** A graph, and any set of its revisions: what a database has, closed downwards or not. */
export interface RandomHistory {
  readonly revisions: readonly GraphRevision[]
  readonly graph: RevisionGraph
  readonly applied: ReadonlySet<GraphRevision['id']>
}

interface Seed {
  readonly parents: readonly number[]
  readonly depends: readonly number[]
  readonly applied: boolean
}

/** Up to `most` revisions with any parents and dependencies among those before them, each created at a time of its own. */
export function randomHistoryOf(most: number): fc.Arbitrary<RandomHistory> {
  const seed = fc.record<Seed>({
    parents: fc.array(fc.nat(12), { maxLength: 3 }),
    depends: fc.array(fc.nat(30), { maxLength: 1 }),
    applied: fc.boolean(),
  })
  return fc.array(seed, { minLength: 1, maxLength: most, size: 'max' }).map(seeds => {
    const revisions = seeds.map(grow)
    const applied = revisions.filter((_, index) => seeds[index]?.applied).map(revision => revision.id)
    return { revisions, graph: buildGraph(revisions), applied: new Set(applied) }
  })
}

export const randomHistory = randomHistoryOf(200)

/** How far back a seed's numbers reach decides the shape: near ones make braids, those before the first a base. */
function grow({ parents, depends }: Seed, index: number): GraphRevision {
  const earlier = (distances: readonly number[]) =>
    ids(
      ...new Set(
        distances
          .map(distance => index - 1 - distance)
          .filter(at => at >= 0)
          .map(nameOf),
      ),
    )
  return {
    id: id(nameOf(index)),
    parents: earlier(parents),
    labels: [],
    depends: earlier(depends),
    message: '',
    created: String(index).padStart(4, '0'),
  }
}

function nameOf(index: number): string {
  // Neither in the order of creation nor of equal length, so that nothing can lean on the ids.
  return `${((index * 7919) % 1009).toString(16)}.${index}`
}
