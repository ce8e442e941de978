import { readLedger } from '../database/ledger.ts'
import type { Session } from '../database/session.ts'
import type { UnsetReference } from '../script/work.ts'
import type { Settings } from '../settings/settings.ts'
import { compareWithLedger, requireAgreement, type Tolerance } from './agreement.ts'
import { readScriptsFor, requireDowns } from './kept-down.ts'
import { type Movement, standpointOf } from './movement.ts'
import type { History } from './read-history.ts'
import type { ScriptReader } from './script-reader.ts'

/** A run that is to go where its movement says, from whatever the ledger holds. */
export interface PlannedRun {
  readonly session: Session
  readonly settings: Settings
  readonly history: History
  readonly scripts: ScriptReader
  readonly movement: Movement
  readonly request: Tolerance & { readonly targets: readonly string[] }
  readonly listener: { readonly onUnsetVariable?: (reference: UnsetReference) => void }
}

/**
 * Reads where the database stands and plans what is to be done there. Throws what reading and planning throw, and
 * `MissingDownError`.
 */
export async function planRun({ session, settings, history, scripts, movement, request }: PlannedRun) {
  const { ledgerSchema: schema } = settings
  const { downs, copesWith } = movement
  const ledger = await readLedger(session, schema)
  requireAgreement(compareWithLedger(history, ledger, scripts), request, copesWith)
  const targets = (await movement.targets?.(session, ledger)) ?? request.targets
  const plan = movement.plan(standpointOf(history.graph, ledger), targets)
  const keptScripts = await readScriptsFor(session, schema, plan, { history, ledger, downs })
  requireDowns(plan, { history, keptScripts, downs })
  return { ledger, plan, keptScripts }
}
