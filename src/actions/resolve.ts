import type { LedgerRevision } from '../database/ledger.ts'
import { readLedger, requireWritableLedger } from '../database/ledger.ts'
import { withDatabase } from '../database/open-database.ts'
import { recordAlone } from '../database/record-alone.ts'
import { NotUnfinishedError } from '../errors/history-errors.ts'
import {
  type RunIdentity,
  recordApplied,
  recordEvent,
  recordReleased,
  recordReverted,
  recordSettled,
} from '../ledger/bookkeeping.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { entryOf } from './entry.ts'
import { unfinished } from './kept-down.ts'
import { type MigrateListener, requireWritable } from './migrate.ts'
import { scriptLimits } from './prepare-run.ts'
import { readHistory } from './read-history.ts'
import { exclusionOf } from './run-exclusion.ts'
import { newRunIdentity } from './run-identity.ts'
import { scriptReader } from './script-reader.ts'

/** What a person says of a revision that stopped half-way; `resume`: it stays so, and the run that was at it is dead. */
export type Resolution = 'applied' | 'not applied' | 'resume'

/** What was recorded. */
export interface ResolveReport {
  readonly revision: RevisionId
  readonly resolution: Resolution
}

/**
 * Records what a person has made of a revision that stopped half-way; no script is run. Takes the beginning of its
 * id. Throws `NotUnfinishedError` for any other revision, and as `stamp`.
 */
export async function resolve(
  settings: Settings,
  { revision: name, resolution }: { readonly revision: string; readonly resolution: Resolution },
  listener: Pick<MigrateListener, 'onDatabase' | 'onWarning' | 'onWaiting' | 'onAbandoned'> = {},
): Promise<ResolveReport> {
  const { ledgerSchema: schema } = settings
  return withDatabase(settings, listener, async session => {
    requireWritable(session)
    const exclusion = exclusionOf(session, settings, listener)
    return exclusion.pastClaims(async () => {
      const ledger = await readLedger(session, schema)
      const matching = unfinished(ledger).filter(id => id.startsWith(name))
      const row = ledger.revisions.find(({ id }) => matching.length === 1 && id === matching[0])
      if (row === undefined) throw new NotUnfinishedError(name, unfinished(ledger))
      await requireWritableLedger(session, schema, ledger)
      const identity = await newRunIdentity(settings.root)
      const event = { action: 'resolve', revision: row.id, outcome: 'done', durationMs: 0 } as const
      const bookkeeping = [record(settings, row, resolution, identity), recordEvent(schema, event, identity)]
      const turn = exclusion.turn(
        identity.runId,
        ledger,
        row.pending && [{ runId: row.runId, ...row.pending }],
      )
      await recordAlone(session, turn, scriptLimits(settings), bookkeeping)
      return { revision: row.id, resolution }
    })
  })
}

function record(
  settings: Settings,
  { id, pending }: LedgerRevision,
  resolution: Resolution,
  identity: RunIdentity,
): string {
  const { ledgerSchema: schema } = settings
  if (resolution === 'resume') return recordReleased(schema, id, identity)
  if (resolution === 'not applied') return recordReverted(schema, id)
  const file = readHistory(settings).revisions.get(id)
  return pending?.direction === 'up' && file
    ? recordApplied(schema, entryOf(file, scriptReader(settings)), identity, 0)
    : recordSettled(schema, id)
}
