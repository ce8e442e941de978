import { ensureLedger, readLedger, requireWritableLedger } from '../database/ledger.ts'
import { withDatabase } from '../database/open-database.ts'
import { recordApplied, recordEvent, recordReverted } from '../ledger/bookkeeping.ts'
import { afterScript, opening } from '../ledger/transaction.ts'
import type { Step } from '../plan/plan.ts'
import { planStamp } from '../plan/stamp.ts'
import type { Revision } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { appliedSet } from './applied-set.ts'
import { entryOf } from './ledger-entry.ts'
import {
  type MigrateListener,
  type MigrateReport,
  plannedReport,
  requireWritable,
  underLock,
} from './migrate.ts'
import { type History, readHistory } from './read-history.ts'
import { newRunIdentity } from './run-identity.ts'
import { scriptReader } from './script-reader.ts'

export interface StampRequest {
  readonly targets: readonly string[]
  /** Forget everything else, also revisions that have no file here. */
  readonly purge?: boolean
  readonly dryRun?: boolean
}

/** Says that the database stands at the targets without running a script: all in one transaction. */
export async function stamp(
  settings: Settings,
  { targets, purge = false, dryRun = false }: StampRequest,
  listener: Pick<MigrateListener, 'onDatabase' | 'onWarning' | 'onWaiting'> = {},
): Promise<MigrateReport> {
  const history = readHistory(settings)
  const { ledgerSchema: schema } = settings
  return withDatabase(settings, listener, async session => {
    requireWritable(session)
    return underLock(session, settings, listener, async () => {
      const ledger = await readLedger(session, schema)
      const plan = planStamp(history.graph, appliedSet(ledger), targets, { purge })
      if (dryRun || plan.steps.length === 0) return plannedReport(plan, history.graph)
      await requireWritableLedger(session, schema, ledger)
      const scripts = scriptReader(settings)
      const identity = await newRunIdentity(settings.root)
      await ensureLedger(session, schema, ledger.version)
      const bookkeeping = plan.steps.flatMap(step => [
        step.direction === 'up'
          ? recordApplied(schema, entryOf(known(history, step), scripts), identity, 0)
          : recordReverted(schema, step.revision),
        recordEvent(
          schema,
          { action: 'stamp', revision: step.revision, outcome: 'done', durationMs: 0 },
          identity,
        ),
      ])
      await session.pipeline(opening({ lockTimeout: `${settings.lockTimeout}ms`, statementTimeout: '0' }))
      await session.pipeline([afterScript(bookkeeping), 'commit'])
      return {
        ...plannedReport(plan, history.graph),
        steps: plan.steps.map(step => ({ ...step, state: 'applied' as const })),
      }
    })
  })
}

/** A stamp adds only what the graph knows. */
function known({ revisions }: History, step: Step): Revision {
  return revisions.get(step.revision) as Revision
}
