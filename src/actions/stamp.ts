import { readLedger, requireWritableLedger } from '../database/ledger.ts'
import { withDatabase } from '../database/open-database.ts'
import type { Interruption } from '../database/run-options.ts'
import type { Session } from '../database/session.ts'
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
  readonly interruption?: Interruption | undefined
}

/** Says that the database stands at the targets without running a script: all in one transaction. */
export async function stamp(
  settings: Settings,
  { targets, purge = false, dryRun = false, interruption }: StampRequest,
  listener: Pick<MigrateListener, 'onDatabase' | 'onWarning' | 'onWaiting'> = {},
): Promise<MigrateReport> {
  const history = readHistory(settings)
  const { ledgerSchema: schema } = settings
  const stop = interruption?.stop
  const use = async (session: Session) => {
    requireWritable(session)
    const exclusion = exclusionOf(session, settings, { ...listener, stop })
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
  }
  return withDatabase(settings, listener, use, stop)
}
