import type { GroupedStep } from './run-group.ts'
import { isSentWhole, type Unit } from './run-in-transaction.ts'
import type { RunOptions } from './run-options.ts'
import type { RunnableStep } from './runnable-step.ts'

/** So many steps are committed together at most. */
const LARGEST = 32

/** The steps from one on that may be committed together; where they are fewer than two, none. */
export type GroupFrom = (index: number) => readonly GroupedStep[]

/**
 * Finds the steps that can be committed together, so that nothing but the clock can tell: in a database that held nothing
 * when the run began, and in which nobody else is.
 */
export function groupsOf(
  steps: readonly PlannedUnit[],
  { isNewDatabase, transaction, turn }: RunOptions,
): GroupFrom {
  if (!isNewDatabase || transaction !== 'each' || !turn.footing.keepsSession) return () => []
  const lasting = steps.findIndex(({ step }) => LEAVES_WORK_TO_COMMITS.test(step.script.text))
  /** How many steps from each one on can be committed together. */
  const lengths: number[] = []
  for (let index = (lasting === -1 ? steps.length : lasting) - 1; index >= 0; index--)
    lengths[index] = canJoin(steps[index]) ? 1 + (lengths[index + 1] ?? 0) : 0
  return from => {
    const length = Math.min(lengths[from] ?? 0, LARGEST)
    return length > 1 ? steps.slice(from, from + length).filter(goesUp) : []
  }
}

interface PlannedUnit {
  readonly step: RunnableStep
  readonly unit: Unit
}

function canJoin(planned: PlannedUnit | undefined): boolean {
  if (!planned || !goesUp(planned)) return false
  const { step, unit } = planned
  return step.isNew && isSentWhole(unit) && !NEEDS_COMMIT.test(step.script.text)
}

function goesUp(planned: PlannedUnit): planned is GroupedStep {
  return planned.step.direction === 'up'
}

/**
 * From such a script on each step is committed by itself: a commit may then do, or refuse, what belongs to one step alone,
 * the lock of the run may be freed in the middle, or another session wait for what this one has not committed.
 */
const LEAVES_WORK_TO_COMMITS = /deferr|constraint\s+trigger|advisory|dblink|_fdw|background/i

/** A value that was added to an enum can be used when it is committed; and what a script says of its transaction is of its own. */
const NEEDS_COMMIT =
  /\badd\s+value\b|\bset\s+(local\s+)?transaction|transaction_(isolation|read_only|deferrable)/i
