import {
  AmbiguousTargetError,
  MultipleHeadsError,
  TargetNeedsDatabaseError,
  WalkedTooFarError,
} from '../errors/graph-errors.ts'
import type { RevisionId } from '../revision/revision.ts'
import { bases, heads, headsOf, lineageOf } from './lineage.ts'
import { type Lineage, resolveName } from './resolve-name.ts'
import type { RevisionGraph } from './revision-graph.ts'
import { formatTarget, parseTarget, type Target } from './target.ts'

/** What a target is resolved against. */
export interface TargetContext {
  readonly graph: RevisionGraph
  /** What the database has; left out by a command that reads none. */
  readonly applied?: ReadonlySet<RevisionId> | undefined
  /** The command the target was typed for, without `sqlbraid`; errors suggest it again, mended. */
  readonly command: string
}

/** The place in the graph that a target names. */
export interface Position {
  /** The revisions to stand on: none for base, several for `heads` and for the place below a merge point. */
  readonly revisions: readonly RevisionId[]
  /** Of a target that counts downwards: the last revision counted, which is undone to get there. */
  readonly undone?: RevisionId
  /** The lineage that the target is limited to. */
  readonly lineage?: ReadonlySet<RevisionId>
}

/**
 * Finds the place that a target names; the one resolver of every command.
 *
 * `head` is the only head, `heads` are all; `current` are the heads of the applied set, and a bare `+N` or
 * `-N` counts from there. `LINEAGE@…` considers that lineage only. Counting walks along parents, and never
 * chooses: a fork on the way up, or a merge point on the way down, ends in an error unless the lineage
 * leaves one way. Only the last revision counted down may be a merge point: below it stand all its parents.
 *
 * @throws UnknownTargetError, AmbiguousIdError, NotInLineageError, MultipleHeadsError, AmbiguousTargetError,
 * WalkedTooFarError, TargetNeedsDatabaseError
 */
export function resolveTarget(context: TargetContext, target: Target): Position {
  const { graph } = context
  const lineage = target.lineage === undefined ? undefined : lineageNamed(context, target, target.lineage)
  const members = lineage?.members
  const walk: Walk = { context, target, within: ids => (members ? ids.filter(id => members.has(id)) : ids) }
  const start = anchorOf(walk, lineage)
  const limits = members === undefined ? {} : { lineage: members }
  if (target.offset > 0) return { revisions: [climb(walk, start)], ...limits }
  if (target.offset === 0) return { revisions: start, ...limits }
  const undone = descend(walk, start)
  return { revisions: walk.within(graph.parents(undone)), undone, ...limits }
}

/** The revisions that several targets name together, in the order asked for, each once. */
export function resolveRevisions(context: TargetContext, targets: readonly string[]): RevisionId[] {
  const positions = targets.map(text => resolveTarget(context, parseTarget(text, context.command)))
  return [...new Set(positions.flatMap(({ revisions }) => revisions))]
}

/**
 * The one revision that a target names.
 *
 * @throws AmbiguousTargetError also when the target names several, or none, as `base` does.
 */
export function resolveRevision(context: TargetContext, text: string): RevisionId {
  const revisions = resolveRevisions(context, [text])
  const [id, ...others] = revisions
  if (id !== undefined && others.length === 0) return id
  const suggestions = revisions.map(revision => `sqlbraid ${context.command} ${revision}`)
  const choice = id === undefined ? 'names no revision, where one is meant' : 'names several revisions:'
  throw new AmbiguousTargetError(
    text,
    choice,
    revisions,
    id === undefined ? ['sqlbraid history'] : suggestions,
  )
}

/** One resolution under way. */
interface Walk {
  readonly context: TargetContext
  readonly target: Target
  readonly within: (ids: readonly RevisionId[]) => readonly RevisionId[]
}

function lineageNamed({ graph, command }: TargetContext, target: Target, name: string): Lineage {
  const suggest = (better: string) => `sqlbraid ${command} ${formatTarget({ ...target, lineage: better })}`
  return { name, members: lineageOf(graph, resolveName(graph, name, suggest)) }
}

function anchorOf(walk: Walk, lineage: Lineage | undefined): readonly RevisionId[] {
  const { context, target, within } = walk
  const { graph, command } = context
  switch (target.anchor) {
    case 'base':
      return []
    case 'heads':
      return within(heads(graph))
    case 'head':
      return onlyHead(walk, within(heads(graph)))
    case 'current':
      return currentHeads(walk)
    default: {
      const suggest = (better: string) => `sqlbraid ${command} ${formatTarget({ ...target, anchor: better })}`
      return [resolveName(graph, target.anchor, suggest, lineage)]
    }
  }
}

function onlyHead(walk: Walk, found: readonly RevisionId[]): readonly RevisionId[] {
  if (found.length <= 1) return found
  const { context, target } = walk
  const owner = target.lineage === undefined ? 'The history' : `The lineage of ${target.lineage}`
  const all =
    target.offset === 0 ? [`sqlbraid ${context.command} ${formatTarget({ ...target, anchor: 'heads' })}`] : []
  throw new MultipleHeadsError(owner, found, [
    ...all,
    ...narrowed(walk, found),
    `sqlbraid merge ${found.join(' ')}`,
  ])
}

function currentHeads({ context, target, within }: Walk): RevisionId[] {
  if (context.applied === undefined) throw new TargetNeedsDatabaseError(formatTarget(target))
  const known = [...context.applied].filter(id => context.graph.has(id))
  return headsOf(context.graph, new Set(within(known)))
}

function climb(walk: Walk, start: readonly RevisionId[]): RevisionId {
  let position = start
  for (let climbed = 0; climbed < walk.target.offset; climbed++)
    position = [oneAbove(walk, position, climbed)]
  return position[0] as RevisionId
}

/** The only child there is to go on to; of several revisions, the child that merges them all. */
function oneAbove(walk: Walk, position: readonly RevisionId[], climbed: number): RevisionId {
  const { graph } = walk.context
  const above = new Set(
    walk.within(position.length === 0 ? bases(graph) : position.flatMap(id => graph.children(id))),
  )
  const [child, ...others] = above
  if (child === undefined) throw tooFar(walk, climbed)
  if (others.length === 0 && position.every(id => graph.children(id).includes(child))) return child
  throw position.length > 1 ? severalStarts(walk, position) : severalWays(walk, [...above])
}

function descend(walk: Walk, start: readonly RevisionId[]): RevisionId {
  if (start.length > 1) throw severalStarts(walk, start)
  const count = -walk.target.offset
  let [undone] = start
  for (let descended = 1; descended < count && undone !== undefined; descended++) {
    const below: readonly RevisionId[] = walk.within(walk.context.graph.parents(undone))
    if (below.length > 1) throw severalWays(walk, below)
    if (below.length === 0) throw tooFar(walk, descended)
    undone = below[0]
  }
  if (undone === undefined) throw tooFar(walk, 0)
  return undone
}

function tooFar({ context, target }: Walk, available: number): WalkedTooFarError {
  const nearer = { ...target, offset: Math.sign(target.offset) * available }
  const suggestions = available === 0 ? [] : [`sqlbraid ${context.command} ${formatTarget(nearer)}`]
  return new WalkedTooFarError(formatTarget(target), available, [...suggestions, 'sqlbraid history'])
}

function severalStarts(walk: Walk, candidates: readonly RevisionId[]): AmbiguousTargetError {
  const choice =
    walk.target.anchor === 'current'
      ? 'could count from each of the applied heads'
      : 'could count from each of'
  return new AmbiguousTargetError(formatTarget(walk.target), choice, candidates, narrowed(walk, candidates))
}

function severalWays(walk: Walk, candidates: readonly RevisionId[]): AmbiguousTargetError {
  const choice =
    walk.target.offset > 0
      ? 'comes to a fork, and could go on to each of'
      : 'comes to a merge point, and could go on to each of'
  return new AmbiguousTargetError(formatTarget(walk.target), choice, candidates, narrowed(walk, candidates))
}

/** The target again, once within the lineage of each candidate: the commands that settle an ambiguity. */
function narrowed({ context, target }: Walk, candidates: readonly RevisionId[]): string[] {
  return candidates.map(id => `sqlbraid ${context.command} ${formatTarget({ ...target, lineage: id })}`)
}
