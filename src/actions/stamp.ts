import { ensureLedger, readLedger, requireWritableLedger } from '../database/ledger.ts'
import { withDatabase } from '../database/open-database.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import { type LedgerEntry, recordApplied, recordEvent, recordReverted } from '../ledger/bookkeeping.ts'
import { afterScript, opening } from '../ledger/transaction.ts'
import type { Plan, Step } from '../plan/plan.ts'
import { planStamp } from '../plan/stamp.ts'
import type { Revision, RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { appliedSet } from './applied-set.ts'
import {
  type MigrateListener,
  type MigrateReport,
  plannedReport,
  requireWritable,
  underLock,
} from './migrate.ts'
import { type History, readHistory } from './read-history.ts'
import { newRunIdentity } from './run-identity.ts'
import { type ScriptReader, scriptReader } from './script-reader.ts'

export interface StampRequest {
  readonly targets: readonly string[]
  /** Forget everything else, also revisions that have no file here. */
  readonly purge?: boolean
  readonly dryRun?: boolean
}

/** Says that the database stands at the targets without running a script: all in one transaction. */
export function stamp(
  settings: Settings,
  { targets, purge = false, dryRun = false }: StampRequest,
  listener: StampListener = {},
): Promise<MigrateReport> {
  const planFor: StampPlanner = (graph, applied) => planStamp(graph, applied, targets, { purge })
  return recordWithoutRunning(settings, { planFor, dryRun }, listener)
}

export type StampListener = Pick<MigrateListener, 'onDatabase' | 'onWarning' | 'onWaiting'>

/** Plans what to record, when the applied set is known and cannot change. */
export type StampPlanner = (graph: RevisionGraph, applied: ReadonlySet<RevisionId>) => Plan

/** Records the steps of a plan without running a script: all in one transaction, under the lock. */
export async function recordWithoutRunning(
  settings: Settings,
  { planFor, dryRun = false }: { readonly planFor: StampPlanner; readonly dryRun?: boolean },
  listener: StampListener,
): Promise<MigrateReport> {
  const history = readHistory(settings)
  const { ledgerSchema: schema } = settings
  return withDatabase(settings, listener, async session => {
    requireWritable(session)
    return underLock(session, settings, listener, async () => {
      const ledger = await readLedger(session, schema)
      const plan = planFor(history.graph, appliedSet(ledger))
      if (dryRun || plan.steps.length === 0) return plannedReport(plan, history)
      await requireWritableLedger(session, schema, ledger)
      const bookkeeping = await bookkeepingFor(settings, history, plan)
      await ensureLedger(session, schema, ledger.version)
      await session.pipeline(opening({ lockTimeout: `${settings.lockTimeout}ms`, statementTimeout: '0' }))
      await session.pipeline([afterScript(bookkeeping), 'commit'])
      return {
        ...plannedReport(plan, history),
        steps: plan.steps.map(step => ({ ...step, state: 'applied' as const })),
      }
    })
  })
}

async function bookkeepingFor(settings: Settings, history: History, { steps }: Plan): Promise<string[]> {
  const { ledgerSchema: schema } = settings
  const scripts = scriptReader(settings)
  const identity = await newRunIdentity(settings.root)
  return steps.flatMap(step => [
    step.direction === 'up'
      ? recordApplied(schema, entryOf(history, step, scripts), identity, 0)
      : recordReverted(schema, step.revision),
    recordEvent(
      schema,
      { action: 'stamp', revision: step.revision, outcome: 'done', durationMs: 0 },
      identity,
    ),
  ])
}

/** What is wrong with a script is no matter here: it is not run. */
function entryOf({ revisions }: History, step: Step, scripts: ScriptReader): LedgerEntry {
  const revision = revisions.get(step.revision) as Revision // a stamp adds only what the graph knows
  const up = scripts.read(revision.parts.up)
  const down = revision.parts.down === undefined ? undefined : scripts.read(revision.parts.down)
  return { ...revision, checksum: up.checksum, upScript: up.text, ...(down && { downScript: down.text }) }
}
