import { readLedger, requireWritableLedger } from '../database/ledger.ts'
import { withDatabase } from '../database/open-database.ts'
import { recordAlone } from '../database/record-alone.ts'
import type { Interruption } from '../database/run-options.ts'
import type { Session } from '../database/session.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import { type RunIdentity, recordApplied, recordEvent, recordReverted } from '../ledger/bookkeeping.ts'
import type { Plan } from '../plan/plan.ts'
import { planStamp } from '../plan/stamp.ts'
import type { Revision, RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { appliedSet } from './applied-set.ts'
import { entryOf } from './entry.ts'
import { type MigrateListener, type MigrateReport, requireWritable } from './migrate.ts'
import { plannedReport } from './migrate-report.ts'
import { type History, readHistory } from './read-history.ts'
import { exclusionOf } from './run-exclusion.ts'
import { newRunIdentity } from './run-identity.ts'
import { scriptReader } from './script-reader.ts'

export interface StampRequest {
  readonly targets: readonly string[]
  /** Forget everything else, also revisions that have no file here. */
  readonly purge?: boolean
  readonly dryRun?: boolean
  readonly interruption?: Interruption | undefined
}

/** Says that the database stands at the targets without running a script: all in one transaction. */
export function stamp(
  settings: Settings,
  { targets, purge = false, ...request }: StampRequest,
  listener: StampListener = {},
): Promise<MigrateReport> {
  const planFor: StampPlanner = (graph, applied) => planStamp(graph, applied, targets, { purge })
  return recordWithoutRunning(settings, { ...request, planFor }, listener)
}

export type StampListener = Pick<MigrateListener, 'onDatabase' | 'onWarning' | 'onWaiting' | 'onAbandoned'>

/** Plans what to record, when the applied set is known and cannot change. */
export type StampPlanner = (graph: RevisionGraph, applied: ReadonlySet<RevisionId>) => Plan

/** What is to be recorded, and how. */
export interface RecordRequest extends Pick<StampRequest, 'dryRun' | 'interruption'> {
  readonly planFor: StampPlanner
}

/** Records the steps of a plan without running a script: all in one transaction, while no other run may. */
export function recordWithoutRunning(
  settings: Settings,
  { planFor, dryRun = false, interruption }: RecordRequest,
  listener: StampListener,
): Promise<MigrateReport> {
  const history = readHistory(settings)
  const { ledgerSchema: schema } = settings
  const stop = interruption?.stop
  const use = async (session: Session) => {
    requireWritable(session)
    const exclusion = exclusionOf(session, settings, { ...listener, stop })
    return exclusion.around(async () => {
      const ledger = await readLedger(session, schema)
      const plan = planFor(history.graph, appliedSet(ledger))
      if (dryRun || plan.steps.length === 0) return plannedReport(plan, history.graph)
      await requireWritableLedger(session, schema, ledger)
      const identity = await newRunIdentity(settings.root)
      await exclusion.ensureLedger(ledger)
      const turn = exclusion.turn(identity.runId, ledger)
      const bookkeeping = bookkeepingFor(settings, history, plan, identity)
      await recordAlone(
        session,
        turn,
        { lockTimeout: `${settings.lockTimeout}ms`, statementTimeout: '0' },
        bookkeeping,
      )
      return {
        ...plannedReport(plan, history.graph),
        steps: plan.steps.map(step => ({ ...step, state: 'applied' as const })),
      }
    })
  }
  return withDatabase(settings, listener, use, stop)
}

function bookkeepingFor(
  settings: Settings,
  history: History,
  { steps }: Plan,
  identity: RunIdentity,
): string[] {
  const { ledgerSchema: schema } = settings
  const scripts = scriptReader(settings)
  const revisionOf = (id: RevisionId) => history.revisions.get(id) as Revision // only what the graph knows is added
  return steps.flatMap(({ revision, direction }) => [
    direction === 'up'
      ? recordApplied(schema, entryOf(revisionOf(revision), scripts), identity, 0)
      : recordReverted(schema, revision),
    recordEvent(schema, { action: 'stamp', revision, outcome: 'done', durationMs: 0 }, identity),
  ])
}
