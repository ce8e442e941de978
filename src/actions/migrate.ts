import { isDeepStrictEqual } from 'node:util'
import type { ConnectedSession } from '../database/connect.ts'
import { secretsOf } from '../database/connection/redact.ts'
import { ensureLedger, type Ledger, readLedger, requireWritableLedger } from '../database/ledger.ts'
import { withLock } from '../database/lock.ts'
import { type DatabaseListener, withDatabase } from '../database/open-database.ts'
import type { Interruption, RunListener } from '../database/run-options.ts'
import { runPlan } from '../database/run-plan.ts'
import type { RunnableStep } from '../database/runnable-step.ts'
import type { Session } from '../database/session.ts'
import type { LockHolder } from '../errors/database-errors.ts'
import {
  NotInOneTransactionError,
  PlanDeclinedError,
  PlanOutdatedError,
  ReadOnlyDatabaseError,
  UnfinishedRevisionError,
} from '../errors/history-errors.ts'
import type { StepReport } from '../errors/run-errors.ts'
import { extendGraph } from '../graph/extend-graph.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { ScriptLimits } from '../ledger/transaction.ts'
import type { Plan } from '../plan/plan.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { UnsetReference } from '../script/work.ts'
import type { Settings } from '../settings/settings.ts'
import { compareWithLedger, requireAgreement, type Tolerance } from './agreement.ts'
import { appliedFrom } from './applied-set.ts'
import { type HookListener, withHooks } from './hooks.ts'
import { readScriptsFor, requireDowns } from './kept-down.ts'
import { type Movement, standpointOf } from './movement.ts'
import { prepareSteps } from './prepare-steps.ts'
import { type History, readHistory } from './read-history.ts'
import { newRunIdentity } from './run-identity.ts'
import { type ScriptReader, scriptReader } from './script-reader.ts'
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
  readonly onWaiting?: (holder: LockHolder | undefined) => void
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
  const history = readHistory(settings)
  const scripts = scriptReader(settings)
  if (request.from !== undefined) {
    const applied = appliedFrom(history.graph, request.from, movement.action)
    return plannedReport(movement.plan({ ...history, rows: [], applied }, request.targets), history.graph)
  }
  return withDatabase(settings, listener, async session => {
    const run = { session, settings, history, scripts, movement, request, listener }
    const { report } = await readAndPlan(run)
    if (request.dryRun || report.steps.length === 0) return report
    requireWritable(session)
    if (!((await request.approve?.(report)) ?? true)) throw new PlanDeclinedError()
    return underLock(session, settings, { ...listener, stop: request.interruption?.stop }, () =>
      planAndRun(run, report),
    )
  })
}

/** Runs `use` with the lock of the settings' ledger. */
export function underLock<T>(
  session: Session,
  settings: Settings,
  { onWaiting: hear, stop }: Pick<MigrateListener, 'onWaiting'> & { readonly stop?: AbortSignal | undefined },
  use: () => Promise<T>,
): Promise<T> {
  const onWaiting = (holder: LockHolder | undefined) => hear?.(holder)
  return withLock(session, { schema: settings.ledgerSchema, waitMs: settings.lockWait, onWaiting, stop }, use)
}

/** Throws `ReadOnlyDatabaseError`. */
export function requireWritable({ server, description }: Session): void {
  if (server.isStandby || server.isReadOnly) throw new ReadOnlyDatabaseError(description, server.isStandby)
}

interface Run {
  readonly session: ConnectedSession
  readonly settings: Settings
  readonly history: History
  readonly scripts: ScriptReader
  readonly movement: Movement
  readonly request: MigrateRequest
  readonly listener: MigrateListener
}

/** Reads where the database stands, and what is to be done there; proves that what is to be reverted can be. */
async function readAndPlan({ session, settings, history, scripts, movement, request }: Run) {
  const { ledgerSchema: schema } = settings
  const { downs, copesWith } = movement
  const ledger = await readLedger(session, schema)
  requireAgreement(compareWithLedger(history, ledger, scripts), request, copesWith)
  const targets = (await movement.targets?.(session, ledger)) ?? request.targets
  const plan = movement.plan(standpointOf(history.graph, ledger), targets)
  const keptScripts = await readScriptsFor(session, schema, plan, { history, ledger, downs })
  requireDowns(plan, { history, keptScripts, downs })
  const report = plannedReport(plan, extendGraph(history.graph, ledger.revisions))
  return { ledger, plan, keptScripts, report }
}

async function planAndRun(run: Run, planned: MigrateReport): Promise<MigrateReport> {
  const { session, settings, history, scripts, movement, request, listener } = run
  const { ledger, plan, keptScripts, report } = await readAndPlan(run)
  if (plan.steps.length === 0) return report
  if (request.approve && !isDeepStrictEqual(report, planned)) throw new PlanOutdatedError()
  requireFinishing(plan, ledger)
  await requireWritableLedger(session, settings.ledgerSchema, ledger)
  const steps = prepareSteps(plan, {
    history,
    ledger,
    scripts,
    onUnsetVariable: reference => listener.onUnsetVariable?.(reference),
    downs: movement.downs,
    keptScripts,
    limits: scriptLimits(settings),
    lexer: session.server,
  })
  if (settings.transaction === 'all') requireOneTransaction(steps)
  return runPrepared(run, plan, steps, ledger)
}

/** All is known to be runnable: from here on the world outside the run may hear of it. */
async function runPrepared(
  { session, settings, movement: { action }, request, listener }: Run,
  plan: Plan,
  steps: readonly RunnableStep[],
  ledger: Ledger,
): Promise<MigrateReport> {
  const { ledgerSchema: schema, root, env } = settings
  const identity = await newRunIdentity(root)
  const hooked = {
    settings: { root, env, hooks: request.skipHooks ? undefined : settings.hooks },
    action,
    plan,
    runId: identity.runId,
    database: session.description,
    secrets: secretsOf(session.options),
    listener,
  }
  return withHooks(hooked, async () => {
    const backup = request.backup && (await takeBackup(session, settings, request.backup.file))
    if (backup) listener.onBackup?.(backup)
    await ensureLedger(session, schema, ledger.version)
    const reports = await runPlan(session, steps, {
      schema,
      transaction: settings.transaction,
      identity,
      retries: { attempts: settings.lockAttempts, firstPauseMs: 500, longestPauseMs: 30_000 },
      listener,
      interruption: request.interruption,
    })
    const { target, headsAfter: heads } = plan
    return { target, steps: reports, heads, runId: identity.runId, ...(backup && { backup }) }
  })
}

/** The limits that the settings set to a revision's statements. */
export function scriptLimits({ lockTimeout, statementTimeout }: Settings): ScriptLimits {
  return { lockTimeout: `${lockTimeout}ms`, statementTimeout: `${statementTimeout}ms` }
}

/** What stopped half-way goes on in the same direction, or nothing is run. */
export function requireFinishing(plan: Plan, ledger: Ledger): void {
  for (const { id, pending } of ledger.revisions) {
    const isFinished = plan.steps.some(step => step.revision === id && step.direction === pending?.direction)
    if (pending && !isFinished)
      throw new UnfinishedRevisionError(id, pending.direction, pending.statementsDone)
  }
}

/** Throws `NotInOneTransactionError` when a step must run outside a transaction. */
export function requireOneTransaction(steps: readonly RunnableStep[]): void {
  const outside = steps.filter(({ transaction }) => transaction === 'off')
  if (outside.length > 0) throw new NotInOneTransactionError(outside.map(({ revision }) => revision))
}

/** A plan that was not run, as a report; the graph knows the messages. */
export function plannedReport(plan: Plan, graph: RevisionGraph): MigrateReport {
  const steps = plan.steps.map(step => {
    const message = graph.revision(step.revision)?.message ?? ''
    return { ...step, state: 'planned' as const, message }
  })
  return { target: plan.target, steps, heads: plan.headsAfter }
}
