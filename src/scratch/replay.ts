import { randomUUID } from 'node:crypto'
import { createLedger, readLedger } from '../database/ledger.ts'
import type { RunListener } from '../database/run-options.ts'
import { runPlan } from '../database/run-plan.ts'
import type { RunnableStep } from '../database/runnable-step.ts'
import type { Session } from '../database/session.ts'
import { ownTurn } from '../database/turn.ts'

/** How steps are run in a throw-away database. */
export interface Replay {
  readonly ledgerSchema: string
  readonly listener: RunListener
  /** Whether some script touches roles: then one database is used at a time, and the roles made go with it. */
  readonly hasOwnRoles: boolean
}

/**
 * Runs steps as a deploy would, ledger included, for what they do depends on nothing else. Throws
 * `RevisionFailedError`; the failed step is undone then, and those before it stay.
 */
export async function replay(
  session: Session,
  steps: readonly RunnableStep[],
  { ledgerSchema: schema, listener }: Replay,
): Promise<void> {
  if (steps.length === 0) return
  const { version } = await readLedger(session, schema)
  await createLedger(session, schema, version)
  const identity = { runId: randomUUID(), toolVersion: 'scratch' }
  await runPlan(session, steps, {
    schema,
    identity,
    listener,
    turn: ownTurn(),
    transaction: 'each',
    retries: NO_RETRY,
  })
}

// Nobody else is in a throw-away database.
const NO_RETRY = { attempts: 1, firstPauseMs: 0, longestPauseMs: 0 }
