import type { GroupedStep } from './run-group.ts'
import { isSentWhole, type Unit } from './run-in-transaction.ts'
import type { RunOptions } from './run-options.ts'
import type { RunnableStep } from './runnable-step.ts'
import type { RunnableScript } from './script-parts.ts'

/** So many steps are committed together at most. */
const LARGEST = 64

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
  const firstWary = steps.findIndex(({ step }) => LEAVES_WORK_TO_COMMITS.test(step.script.text))
  const isWary = (index: number) => firstWary !== -1 && index >= firstWary
  /** How many steps from each one on can be committed together. */
  const lengths: number[] = []
  for (const [index, planned] of [...steps.entries()].reverse())
    lengths[index] = canJoin(planned, isWary(index)) ? 1 + (lengths[index + 1] ?? 0) : 0
  return from => {
    const length = Math.min(lengths[from] ?? 0, LARGEST)
    return length > 1 ? steps.slice(from, from + length).filter(goesUp) : []
  }
}

interface PlannedUnit {
  readonly step: RunnableStep
  readonly unit: Unit
}

function canJoin(planned: PlannedUnit, isWary: boolean): boolean {
  if (!goesUp(planned)) return false
  const { step, unit } = planned
  const isPossible = step.isNew && isSentWhole(unit) && !NEEDS_COMMIT.test(step.script.text)
  return isPossible && (!isWary || onlyDefines(step.script))
}

function goesUp(planned: PlannedUnit): planned is GroupedStep {
  return planned.step.direction === 'up'
}

/**
 * From such a script on, only what does nothing but define is committed together: with data, a commit may do or refuse
 * what belongs to one step alone, the lock of the run be freed, or another session wait for what is not committed.
 */
const LEAVES_WORK_TO_COMMITS = /deferr|constraint\s+trigger|advisory|dblink|_fdw|pg_background/i

/**
 * Such a script is committed by itself: a value that was added to an enum can be used only then, and what it says of its
 * transaction is meant for its own.
 */
const NEEDS_COMMIT =
  /\badd\s+value\b|\bset\s+(local\s+)?transaction|transaction_(isolation|read_only|deferrable)/i

function onlyDefines({ statements }: RunnableScript): boolean {
  return statements.every(({ words: [first] }) => DEFINING.includes(first ?? ''))
}

const DEFINING = ['CREATE', 'ALTER', 'DROP', 'COMMENT', 'GRANT', 'REVOKE']
