import { randomUUID } from 'node:crypto'
import { createLedger, readLedger } from '../database/ledger.ts'
import type { RunListener, RunOptions } from '../database/run-options.ts'
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
  options: Replay,
): Promise<void> {
  if (steps.length === 0) return
  const { version } = await readLedger(session, options.ledgerSchema)
  await createLedger(session, options.ledgerSchema, version)
  await run(session, steps, options, 'each')
}

/**
 * Runs steps in one transaction, lets `look` see what they come to, and undoes them. There must be a ledger, and none of
 * them may be `transaction: off`. `meanwhile` is called when the server is at work. Throws as `replay`, and `StatementError`
 * when a constraint that was deferred fails.
 */
export async function rehearse<T>(
  session: Session,
  steps: readonly RunnableStep[],
  options: Replay,
  look: () => Promise<T>,
  meanwhile: () => void = () => {},
): Promise<T> {
  try {
    const running = run(session, steps, options, 'open')
    meanwhile()
    await running
    await session.query('set constraints all immediate')
    return await look()
  } finally {
    await session.query('rollback')
  }
}

async function run(
  session: Session,
  steps: readonly RunnableStep[],
  { ledgerSchema: schema, listener }: Replay,
  transaction: RunOptions['transaction'],
): Promise<void> {
  const identity = { runId: randomUUID(), toolVersion: 'scratch' }
  const turn = ownTurn()
  await runPlan(session, steps, { schema, identity, listener, turn, transaction, retries: NO_RETRY })
}

// Nobody else is in a throw-away database.
const NO_RETRY = { attempts: 1, firstPauseMs: 0, longestPauseMs: 0 }
