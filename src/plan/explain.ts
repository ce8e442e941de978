import { resolveRevision } from '../graph/resolve-target.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { EdgeReason } from '../graph/to-graphlib.ts'
import type { RevisionId } from '../revision/revision.ts'
import { upgradeTargets } from './upgrade.ts'

/** One link of an explanation: `revision` requires `required`, as its parent or as its dependency. */
export interface Link {
  readonly revision: RevisionId
  readonly required: RevisionId
  readonly reason: EdgeReason
}

/** Why an upgrade contains a revision, or why it does not. */
export interface Explanation {
  readonly revision: RevisionId
  /** `planned`: the upgrade applies it; `applied`: the database has it; `not required`: no target leads to it. */
  readonly state: 'planned' | 'applied' | 'not required'
  /** The shortest way from a target to the revision; empty when it is a target itself, or not required. */
  readonly path: readonly Link[]
}

/**
 * Says why the upgrade to `targets` contains a revision.
 *
 * Takes targets as `planUpgrade` does, and one target that names the revision. Without an applied set it is the upgrade of an
 * empty database, and no target may count from what is applied.
 * @throws what `planUpgrade` and `resolveRevision` throw
 */
export function explain(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId> | undefined,
  targets: readonly string[],
  revision: string,
): Explanation {
  const asked = resolveRevision({ graph, applied, command: 'explain' }, revision)
  const wanted = upgradeTargets(graph, applied, targets)
  const linkTo = requiringLinks(graph, wanted)
  const required = wanted.includes(asked) || linkTo.has(asked)
  const missing = required ? 'planned' : 'not required'
  return { revision: asked, state: applied?.has(asked) ? 'applied' : missing, path: pathTo(asked, linkTo) }
}

/** For all that the targets require, the link that leads to it first; breadth first, so that ways are shortest. */
function requiringLinks(graph: RevisionGraph, wanted: readonly RevisionId[]): Map<RevisionId, Link> {
  const linkTo = new Map<RevisionId, Link>()
  const reached = new Set(wanted)
  for (const revision of reached) {
    const parents = graph.parents(revision)
    for (const required of graph.requirements(revision)) {
      if (reached.has(required)) continue
      reached.add(required)
      linkTo.set(required, {
        revision,
        required,
        reason: parents.includes(required) ? 'parent' : 'dependency',
      })
    }
  }
  return linkTo
}

function pathTo(revision: RevisionId, linkTo: ReadonlyMap<RevisionId, Link>): Link[] {
  const path: Link[] = []
  for (let link = linkTo.get(revision); link !== undefined; link = linkTo.get(link.revision)) path.push(link)
  return path.reverse()
}
