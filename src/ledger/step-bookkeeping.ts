import {
  type AppliedEntry,
  type Duration,
  type LedgerEntry,
  type RunIdentity,
  recordApplied,
  recordEvent,
  recordEvents,
  recordNew,
  recordReverted,
} from './bookkeeping.ts'

/** A step as the ledger takes note of it. */
export type RecordedStep =
  | {
      readonly direction: 'up'
      readonly revision: string
      readonly entry: LedgerEntry
      /** The ledger is known to have no row of it, not even of an attempt that did not finish. */
      readonly isNew?: boolean
    }
  | { readonly direction: 'down'; readonly revision: string }

/** What the log calls a step, whichever command it belongs to. */
export const STEP_ACTIONS = { up: 'upgrade', down: 'downgrade' } as const

/** The statements that record a step as done, in the applied set and in the log. */
export function recordDone(
  schema: string,
  step: RecordedStep,
  run: RunIdentity,
  durationMs: Duration,
): string[] {
  const { direction, revision } = step
  const event = { action: STEP_ACTIONS[direction], revision, outcome: 'done', durationMs } as const
  return [changeBy(schema, step, run, durationMs), recordEvent(schema, event, run)]
}

/** The statements that record new revisions as applied that are committed together: at least one. */
export function recordAllDone(schema: string, applied: readonly AppliedEntry[], run: RunIdentity): string[] {
  const events = applied.map(({ entry, durationMs }) => {
    return { action: STEP_ACTIONS.up, revision: entry.id, outcome: 'done', durationMs } as const
  })
  return [recordNew(schema, applied, run), recordEvents(schema, events, run)]
}

function changeBy(schema: string, step: RecordedStep, run: RunIdentity, durationMs: Duration): string {
  if (step.direction === 'down') return recordReverted(schema, step.revision)
  return step.isNew
    ? recordNew(schema, [{ entry: step.entry, durationMs }], run)
    : recordApplied(schema, step.entry, run, durationMs)
}
