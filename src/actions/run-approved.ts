import { isDeepStrictEqual } from 'node:util'
import type { ConnectedSession } from '../database/connect.ts'
import { secretsOf } from '../database/connection/redact.ts'
import type { Exclusion } from '../database/exclusion.ts'
import type { RunListener } from '../database/run-options.ts'
import { runPlan } from '../database/run-plan.ts'
import { LedgerMovedError } from '../errors/database-errors.ts'
import { PlanOutdatedError } from '../errors/history-errors.ts'
import type { StepReport } from '../errors/run-errors.ts'
import type { RunIdentity } from '../ledger/bookkeeping.ts'
import type { Settings } from '../settings/settings.ts'
import { withHooks } from './hooks.ts'
import type { MigrateListener, MigrateReport, MigrateRequest } from './migrate.ts'
import { reportOf } from './migrate-report.ts'
import type { PlannedRun } from './plan-run.ts'
import { type PreparedRun, prepareRun } from './prepare-run.ts'
import { exclusionOf } from './run-exclusion.ts'
import { newRunId, newRunIdentity } from './run-identity.ts'
import { takeBackup } from './take-backup.ts'

/** What `migrate` has planned. */
export interface ApprovedRun extends PlannedRun {
  readonly session: ConnectedSession
  readonly request: MigrateRequest
  readonly listener: MigrateListener
}

/**
 * Plans and runs, when no other run is at work, what was planned before without a lock, and shown where that was wanted.
 * Throws as `migrate`.
 */
export function runApproved(approved: ApprovedRun, shown: MigrateReport): Promise<MigrateReport> {
  const { session, settings, request, listener } = approved
  const stop = request.interruption?.stop
  const exclusion = exclusionOf(session, settings, { ...listener, stop })
  return exclusion.around(() => {
    const runId = newRunId()
    const identity = identityMeanwhile(settings, runId)
    return run({ ...approved, exclusion, runId, identity }, shown)
  })
}

interface Run extends ApprovedRun {
  readonly exclusion: Exclusion
  readonly runId: string
  /** Waited for no sooner than something is recorded. */
  readonly identity: Promise<RunIdentity>
}

async function run(run: Run, shown: MigrateReport): Promise<MigrateReport> {
  const prepared = await prepareRun(run)
  const report = reportOf(prepared, run.history)
  if (report.steps.length === 0) return report
  if (run.request.approve && !isDeepStrictEqual(report, shown)) throw new PlanOutdatedError()
  return runHooked(run, prepared)
}

/** Starting git takes its time: it has that in which the server answers what is asked right behind this. */
async function identityMeanwhile({ root }: Settings, runId: string): Promise<RunIdentity> {
  await new Promise(setImmediate)
  return newRunIdentity(root, runId)
}

/** All is known to be runnable: from here on the world outside the run may hear of it. */
async function runHooked(run: Run, prepared: PreparedRun): Promise<MigrateReport> {
  const { session, settings, movement, request, listener, runId } = run
  const { root, env } = settings
  const stop = request.interruption?.stop
  const hooked = {
    settings: { root, env, hooks: request.skipHooks ? undefined : settings.hooks },
    action: movement.action,
    plan: prepared.plan,
    runId,
    database: session.description,
    secrets: secretsOf(session.options),
    listener,
    stop,
  }
  return withHooks(hooked, async () => {
    const backup = request.backup && (await takeBackup(session, settings, { ...request.backup, stop }))
    if (backup) listener.onBackup?.(backup)
    const { target, headsAfter: heads } = prepared.plan
    const steps = await runToTheEnd(run, prepared)
    return { target, steps, heads, runId, ...(backup && { backup }) }
  })
}

/** Where no lock outlasts a transaction, another run may get in between: then what is left is planned anew. */
async function runToTheEnd(run: Run, first: PreparedRun): Promise<readonly StepReport[]> {
  const done: StepReport[] = []
  const onStepDone: RunListener['onStepDone'] = (step, durationMs) => {
    done.push({ revision: step.revision, direction: step.direction, state: 'applied', durationMs })
    run.listener.onStepDone?.(step, durationMs)
  }
  for (let prepared = first; prepared.steps.length > 0; prepared = await prepareRun(run)) {
    try {
      await runPrepared({ ...run, listener: { ...run.listener, onStepDone } }, prepared)
      return done
    } catch (error) {
      if (!(error instanceof LedgerMovedError)) throw error
      await run.exclusion.settled()
    }
  }
  return done
}

async function runPrepared(
  { session, exclusion, settings, request, listener, runId, identity }: Run,
  { ledger, steps }: PreparedRun,
): Promise<void> {
  const isNewDatabase = await exclusion.ensureLedger(ledger)
  await runPlan(session, steps, {
    schema: settings.ledgerSchema,
    transaction: settings.transaction,
    isNewDatabase,
    identity: await identity,
    turn: exclusion.turn(runId, ledger),
    retries: { attempts: settings.lockAttempts, firstPauseMs: 500, longestPauseMs: 30_000 },
    listener,
    interruption: request.interruption,
  })
}
