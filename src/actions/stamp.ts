import { readLedger, requireWritableLedger } from '../database/ledger.ts'
import { withDatabase } from '../database/open-database.ts'
import { recordApplied, recordEvent, recordReverted } from '../ledger/bookkeeping.ts'
import { afterScript } from '../ledger/transaction.ts'
import { planStamp } from '../plan/stamp.ts'
import type { Revision, RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { appliedSet } from './applied-set.ts'
import { entryOf } from './entry.ts'
import {
  exclusionOf,
  type MigrateListener,
  type MigrateReport,
  plannedReport,
  requireWritable,
} from './migrate.ts'
import { readHistory } from './read-history.ts'
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
    const exclusion = exclusionOf(session, settings, listener)
    return exclusion.around(async () => {
      const ledger = await readLedger(session, schema)
      const plan = planStamp(history.graph, appliedSet(ledger), targets, { purge })
      if (dryRun || plan.steps.length === 0) return plannedReport(plan, history)
      await requireWritableLedger(session, schema, ledger)
      const scripts = scriptReader(settings)
      const identity = await newRunIdentity(settings.root)
      await exclusion.ensureLedger(ledger)
      const turn = exclusion.turn(identity.runId, ledger)
      const revisionOf = (id: RevisionId) => history.revisions.get(id) as Revision // a stamp adds only what the graph knows
      const bookkeeping = plan.steps.flatMap(step => [
        step.direction === 'up'
          ? recordApplied(schema, entryOf(revisionOf(step.revision), scripts), identity, 0)
          : recordReverted(schema, step.revision),
        recordEvent(
          schema,
          { action: 'stamp', revision: step.revision, outcome: 'done', durationMs: 0 },
          identity,
        ),
      ])
      await turn.open(session, { lockTimeout: `${settings.lockTimeout}ms`, statementTimeout: '0' })
      await session.pipeline([afterScript(bookkeeping, turn.footing), 'commit'])
      return {
        ...plannedReport(plan, history),
        steps: plan.steps.map(step => ({ ...step, state: 'applied' as const })),
      }
    })
  })
}
