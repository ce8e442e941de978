import { isDeepStrictEqual } from 'node:util'
import type { ConnectedSession } from '../database/connect.ts'
import { secretsOf } from '../database/connection/redact.ts'
import { type Exclusion, exclusionFor } from '../database/exclusion.ts'
import { type DatabaseListener, withDatabase } from '../database/open-database.ts'
import type { Interruption, RunListener } from '../database/run-options.ts'
import { runPlan } from '../database/run-plan.ts'
import type { Session } from '../database/session.ts'
import { type Claim, type LedgerHolder, LedgerMovedError } from '../errors/database-errors.ts'
import { PlanDeclinedError, PlanOutdatedError, ReadOnlyDatabaseError } from '../errors/history-errors.ts'
import type { StepReport } from '../errors/run-errors.ts'
import { extendGraph } from '../graph/extend-graph.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { RunIdentity } from '../ledger/bookkeeping.ts'
import type { Plan } from '../plan/plan.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { UnsetReference } from '../script/work.ts'
import type { Settings } from '../settings/settings.ts'
import type { Tolerance } from './agreement.ts'
import { appliedFrom } from './applied-set.ts'
import { type HookListener, withHooks } from './hooks.ts'
import type { Movement } from './movement.ts'
import { type PlannedRun, type PreparedRun, planRun, preparePlanned, prepareRun } from './prepare-run.ts'
import { type History, readHistory } from './read-history.ts'
import { newRunId, newRunIdentity } from './run-identity.ts'
import { scriptReader } from './script-reader.ts'
import { type Backup, takeBackup } from './take-backup.ts'

export interface MigrateRequest extends Tolerance {
  /** As typed. */
  readonly targets: readonly string[]
  /** Only say what would be done. */
  readonly dryRun?: boolean
  /** With `dryRun`: heads of an imagined applied set, so that no database is asked. */
  readonly from?: string
  readonly skipHooks?: boolean
  /** Take a backup before anything is changed, to this file or to one of its own. */
  readonly backup?: { readonly file?: string }
  readonly interruption?: Interruption | undefined
  /** Asked before anything is changed; what was approved is what is run. */
  readonly approve?: (planned: MigrateReport) => Promise<boolean>
}

/** Told about a run while it goes on. */
export interface MigrateListener extends DatabaseListener, RunListener, HookListener {
  readonly onWaiting?: (holder: LedgerHolder | undefined) => void
  /** The run that had claimed a revision is dead: this one goes on with it. */
  readonly onAbandoned?: (claim: Claim) => void
  /** A script refers to a variable that is not set. */
  readonly onUnsetVariable?: (reference: UnsetReference) => void
  readonly onBackup?: (backup: Backup) => void
}

/** What was done, or would be. */
export interface MigrateReport {
  readonly target: string
  readonly steps: readonly StepReport[]
  /** The heads of the applied set afterwards. */
  readonly heads: readonly RevisionId[]
  /** What the log calls the run, when there was one. */
  readonly runId?: string
  readonly backup?: Backup
}

/**
 * Reads, plans and runs. State is read once without the lock, so that a run with nothing to do needs none, and again
 * under it. Throws what reading, planning, locking and running throw; nothing has changed then but what
 * `RevisionFailedError` reports as applied.
 */
export async function migrate(
  settings: Settings,
  movement: Movement,
  request: MigrateRequest,
  listener: MigrateListener,
): Promise<MigrateReport> {
  const scripts = scriptReader(settings)
  const history = readHistory(settings, { onScript: scripts.see })
  if (request.from !== undefined) {
    const applied = appliedFrom(history.graph, request.from, movement.action)
    return plannedReport(movement.plan({ ...history, rows: [], applied }, request.targets), history.graph)
  }
  const stop = request.interruption?.stop
  const use = async (session: ConnectedSession) => {
    const planned = { session, settings, history, scripts, movement, request, listener }
    const plannedRun = await planRun(planned)
    const report = reportOf(plannedRun, history)
    // A script that cannot be read is found before anybody relies on the plan; an approved run tells the rest itself.
    if (request.dryRun) preparePlanned(planned, plannedRun)
    else if (request.approve) preparePlanned({ ...planned, listener: {} }, plannedRun)
    if (request.dryRun || report.steps.length === 0) return report
    requireWritable(session)
    if (!((await request.approve?.(report)) ?? true)) throw new PlanDeclinedError()
    const exclusion = exclusionOf(session, settings, { ...listener, stop })
    return exclusion.around(() => run({ ...planned, session, exclusion, request, listener }, report))
  }
  return withDatabase(settings, listener, use, stop)
}

/** What keeps other runs over the settings' ledger out. */
export function exclusionOf(
  session: Session,
  settings: Settings,
  {
    onWaiting = () => {},
    onAbandoned = () => {},
    stop,
  }: Pick<MigrateListener, 'onWaiting' | 'onAbandoned'> & { readonly stop?: AbortSignal | undefined },
): Exclusion {
  const wait = { waitMs: settings.lockWait, onWaiting, onAbandoned, stop }
  return exclusionFor(session, settings, wait)
}

/** Throws `ReadOnlyDatabaseError`. */
export function requireWritable({ server, description }: Session): void {
  if (server.isStandby || server.isReadOnly) throw new ReadOnlyDatabaseError(description, server.isStandby)
}

interface Run extends PlannedRun {
  readonly session: ConnectedSession
  readonly exclusion: Exclusion
  readonly request: MigrateRequest
  readonly listener: MigrateListener
  readonly runId: string
  /** Waited for no sooner than something is recorded. */
  readonly identity: Promise<RunIdentity>
}

async function run(planned: Omit<Run, 'runId' | 'identity'>, shown: MigrateReport): Promise<MigrateReport> {
  const runId = newRunId()
  const run = { ...planned, runId, identity: identityMeanwhile(planned.settings, runId) }
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

function reportOf({ plan, ledger }: Pick<PreparedRun, 'plan' | 'ledger'>, { graph }: History): MigrateReport {
  return plannedReport(plan, extendGraph(graph, ledger.revisions))
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

/** A plan that was not run, as a report; the graph knows the messages. */
export function plannedReport(plan: Plan, graph: RevisionGraph): MigrateReport {
  const steps = plan.steps.map(step => {
    const message = graph.revision(step.revision)?.message ?? ''
    return { ...step, state: 'planned' as const, message }
  })
  return { target: plan.target, steps, heads: plan.headsAfter }
}
