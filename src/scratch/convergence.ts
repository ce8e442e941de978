import type { RunnableStep } from '../database/runnable-step.ts'
import type { Session } from '../database/session.ts'
import { StatementError } from '../errors/database-errors.ts'
import { type Conflict, failureOf } from '../errors/proof-errors.ts'
import { RevisionFailedError } from '../errors/run-errors.ts'
import { bothEnded } from './both-ended.ts'
import { type Catalog, compareCatalogs, readCatalog } from './compare.ts'
import { askForCatalog, type Comparison, compareAnswered } from './compare-answers.ts'
import { foresee, UnforeseenQuestionError } from './compare-questions.ts'
import type { Sides } from './compare-values.ts'
import { atState } from './rehearsal.ts'
import { type Replay, rehearse, replay } from './replay.ts'
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
 * Tries both orders of two branches and compares the schemas they end in. They are rehearsed in transactions first, for
 * that needs no copy of a large database; only what commutes there is believed, and the rest tried anew, as a deploy
 * would run it. Throws `RevisionFailedError` when a branch fails by itself, whatever the other one does.
 */
export async function tryBothOrders(server: ScratchServer, trial: Trial, options: Replay): Promise<Verdict> {
  const rehearsed = await rehearseBothOrders(server, trial, options)
  if (rehearsed?.conflicts.length === 0) return rehearsed
  const [one, other] = trial.sides
  // With roles, each order is tried after the other, and has no use of it.
  if (!options.hasOwnRoles) await keepState(server, trial.shared, options)
  const [there, back] = await bothEnded([
    tryOrder(server, trial, [one, other], options),
    tryOrder(server, trial, [other, one], options),
  ])
  if ('order' in there || 'order' in back) {
    const conflicts = [there, back].flatMap(outcome => ('order' in outcome ? [outcome] : []))
    return { heads: [one.head, other.head], conflicts, columnOrder: [], notCompared: [] }
  }
  const difference = await compareCatalogs(there, back, ordersOf(trial))
  return verdictOn(trial, { ...difference, notCompared: there.notCompared })
}

/** Undefined where it cannot be rehearsed, or something fails. While the steps run, what will be asked is found out. */
async function rehearseBothOrders(
  server: ScratchServer,
  trial: Trial,
  options: Replay,
): Promise<Verdict | undefined> {
  const { shared, sides, joint } = trial
  const [one, other] = [sides[0].steps, sides[1].steps]
  const isTransactional = [...one, ...other, ...joint].every(({ transaction }) => transaction === 'on')
  if (shared.length === 0 || options.hasOwnRoles || !isTransactional) return undefined
  const scope = { ...options, isInTransaction: true }
  const rehearsal = (steps: readonly RunnableStep[]) => (session: Session) => {
    const ask = async () => askForCatalog(session, scope, await foresee(server))
    return rehearse(session, [...steps, ...joint], options, ask, () => foresee(server))
  }
  try {
    const uses = [rehearsal([...one, ...other]), rehearsal([...other, ...one])] as const
    const answered = await atState(server, shared, options, uses)
    return answered && verdictOn(trial, await compareAnswered(...answered, ordersOf(trial)))
  } catch (error) {
    if (isNoVerdict(error)) return undefined
    throw error
  }
}

function isNoVerdict(error: unknown): boolean {
  const kinds = [RevisionFailedError, StatementError, UnforeseenQuestionError]
  return kinds.some(kind => error instanceof kind)
}

function ordersOf({ sides: [one, other] }: Trial): Sides {
  return [`with ${one.head} before ${other.head}`, `with ${other.head} before ${one.head}`]
}

function verdictOn(
  { sides: [one, other] }: Trial,
  { changes, sql, columnOrder, notCompared }: Comparison,
): Verdict {
  const heads = [one.head, other.head] as const
  const conflicts = changes.length === 0 ? [] : [{ heads, order: heads, changes, sql }]
  return { heads, conflicts, columnOrder, notCompared }
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
