import type { RunnableStep } from '../database/runnable-step.ts'
import { type Conflict, failureOf } from '../errors/proof-errors.ts'
import { RevisionFailedError } from '../errors/run-errors.ts'
import { type Catalog, compareCatalogs, readCatalog } from './compare.ts'
import { type Replay, replay } from './replay.ts'
import type { ScratchServer } from './server.ts'
import { keepState, withState } from './state.ts'

/** One branch of a trial: its head, and its steps on top of what is shared. */
export interface Side {
  readonly head: string
  readonly steps: readonly RunnableStep[]
}

export interface Trial {
  readonly shared: readonly RunnableStep[]
  readonly sides: readonly [Side, Side]
  /** The steps of what joins them (a merge revision with SQL in it), after which they must be the same. */
  readonly joint: readonly RunnableStep[]
}

/** How a trial ended. */
export interface Verdict {
  readonly heads: readonly [string, string]
  readonly conflicts: readonly Conflict[]
  /** Tables whose columns stand in another order; no conflict. */
  readonly columnOrder: readonly string[]
  /** What no comparison could see, one sentence each. */
  readonly notCompared: readonly string[]
}

/**
 * Tries both orders of two branches, each in a database of its own, and compares the schemas they end in. Throws
 * `RevisionFailedError` when a branch fails by itself, whatever the other one does.
 */
export async function tryBothOrders(server: ScratchServer, trial: Trial, options: Replay): Promise<Verdict> {
  const [one, other] = trial.sides
  // With roles, each order is tried after the other, and has no use of it.
  if (!options.hasOwnRoles) await keepState(server, trial.shared, options)
  const [there, back] = await bothEnded([
    tryOrder(server, trial, [one, other], options),
    tryOrder(server, trial, [other, one], options),
  ])
  const heads = [one.head, other.head] as const
  const seen = { heads, columnOrder: [], notCompared: [] }
  if ('order' in there || 'order' in back) {
    return { ...seen, conflicts: [there, back].flatMap(outcome => ('order' in outcome ? [outcome] : [])) }
  }
  const { changes, sql, columnOrder } = await compareCatalogs(there, back, [
    `with ${one.head} before ${other.head}`,
    `with ${other.head} before ${one.head}`,
  ])
  const conflicts = changes.length === 0 ? [] : [{ heads, order: heads, changes, sql }]
  return { ...seen, conflicts, columnOrder, notCompared: there.notCompared }
}

/** The objects that a side adds, changes or drops on top of what is shared. */
export async function touchedBy(
  server: ScratchServer,
  { shared }: Trial,
  { steps }: Side,
  options: Replay,
): Promise<readonly string[]> {
  return withState(server, shared, options, async session => {
    const before = await readCatalog(session, options)
    await replay(session, steps, options)
    const after = await readCatalog(session, options)
    const { changes } = await compareCatalogs(before, after, ['before', 'after'])
    return [...new Set(changes.map(({ object }) => object))]
  })
}

/** All that a trial runs. */
export function stepsOf({ shared, sides: [one, other], joint }: Trial): RunnableStep[] {
  return [...shared, ...one.steps, ...other.steps, ...joint]
}

/** Whether two branches have one order only: what has no statements can stand anywhere. */
export function commuteTrivially({ sides }: Trial): boolean {
  return sides.some(({ steps }) => steps.every(({ script }) => script.statements.length === 0))
}

/** As `Promise.all`, but a failure waits for the other one, which still uses the server. */
async function bothEnded<T>(both: readonly [Promise<T>, Promise<T>]): Promise<[T, T]> {
  await Promise.allSettled(both)
  return Promise.all(both)
}

/** The schema that an order ends in, or what keeps it from its end. */
async function tryOrder(
  server: ScratchServer,
  { shared, joint }: Trial,
  [first, second]: readonly [Side, Side],
  options: Replay,
): Promise<Catalog | Conflict> {
  return withState(server, shared, options, async session => {
    await replay(session, first.steps, options)
    try {
      await replay(session, [...second.steps, ...joint], options)
    } catch (error) {
      if (!(error instanceof RevisionFailedError)) throw error
      const order = [first.head, second.head] as const
      return { heads: order, order, failure: failureOf(error), changes: [], sql: '' }
    }
    return readCatalog(session, options)
  })
}
