import {
  type Duration,
  eventRow,
  insertEvents,
  insertRevisions,
  type LedgerEntry,
  newRow,
  type RunIdentity,
  recordApplied,
  recordEvent,
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

/** What is recorded of revisions that are committed together. */
export interface GroupRecord {
  /** Words what is to be recorded of a new revision: while the server is at the next one, that costs no time. */
  readonly add: (entry: LedgerEntry, durationMs: number) => void
  /** The statements that record all that were added, at least one, as applied. */
  readonly statements: () => string[]
}

/** A record of revisions of which the ledger has no row. */
export function groupRecord(schema: string, run: RunIdentity): GroupRecord {
  const revisions: string[] = []
  const events: string[] = []
  return {
    add: (entry, durationMs) => {
      revisions.push(newRow(schema, entry, run, durationMs))
      const event = { action: STEP_ACTIONS.up, revision: entry.id, outcome: 'done', durationMs } as const
      events.push(eventRow(schema, event, run))
    },
    statements: () => [insertRevisions(schema, revisions), insertEvents(schema, events)],
  }
}

function changeBy(schema: string, step: RecordedStep, run: RunIdentity, durationMs: Duration): string {
  if (step.direction === 'down') return recordReverted(schema, step.revision)
  return (step.isNew ? recordNew : recordApplied)(schema, step.entry, run, durationMs)
}
