import type { ConnectedSession } from '../database/connect.ts'
import { type DatabaseListener, withDatabase } from '../database/open-database.ts'
import type { Interruption, RunListener } from '../database/run-options.ts'
import type { Session } from '../database/session.ts'
import type { Claim, LedgerHolder } from '../errors/database-errors.ts'
import { PlanDeclinedError, ReadOnlyDatabaseError } from '../errors/history-errors.ts'
import type { StepReport } from '../errors/run-errors.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { UnsetReference } from '../script/work.ts'
import type { Settings } from '../settings/settings.ts'
import type { Tolerance } from './agreement.ts'
import { appliedFrom } from './applied-set.ts'
import type { HookListener } from './hooks.ts'
import { plannedReport, reportOf } from './migrate-report.ts'
import type { Movement } from './movement.ts'
import { planRun } from './plan-run.ts'
import { readHistory } from './read-history.ts'
import { scriptReader } from './script-reader.ts'
import type { Backup } from './take-backup.ts'

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
  if (request.from !== undefined) {
    const history = readHistory(settings)
    const applied = appliedFrom(history.graph, request.from, movement.action)
    return plannedReport(movement.plan({ ...history, rows: [], applied }, request.targets), history.graph)
  }
  // What is wrong with other scripts than the up scripts is found where they are to be run, or kept: `preparePlanned`.
  const history = readHistory(settings, { headers: 'up', onScript: scripts.see })
  const stop = request.interruption?.stop
  const use = async (session: ConnectedSession) => {
    const planned = { session, settings, history, scripts, movement, request, listener }
    const plannedRun = await planRun(planned)
    const report = reportOf(plannedRun, history)
    // A script that cannot be read is found before anybody relies on the plan; an approved run tells the rest itself.
    if (request.dryRun || request.approve) {
      const { preparePlanned } = await import('./prepare-run.ts')
      preparePlanned(request.dryRun ? planned : { ...planned, listener: {} }, plannedRun)
    }
    if (request.dryRun || report.steps.length === 0) return report
    requireWritable(session)
    if (!((await request.approve?.(report)) ?? true)) throw new PlanDeclinedError()
    const { runApproved } = await import('./run-approved.ts') // most runs have nothing to do
    return runApproved(planned, report)
  }
  return withDatabase(settings, listener, use, stop)
}

/** Throws `ReadOnlyDatabaseError`. */
export function requireWritable({ server, description }: Session): void {
  if (server.isStandby || server.isReadOnly) throw new ReadOnlyDatabaseError(description, server.isStandby)
}
