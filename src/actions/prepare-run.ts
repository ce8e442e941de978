import { type Ledger, readKeptScripts, readLedger, requireWritableLedger } from '../database/ledger.ts'
import type { RunnableStep } from '../database/runnable-step.ts'
import type { Session } from '../database/session.ts'
import { NotInOneTransactionError, UnfinishedRevisionError } from '../errors/history-errors.ts'
import type { ScriptLimits } from '../ledger/transaction.ts'
import type { Plan } from '../plan/plan.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { UnsetReference } from '../script/work.ts'
import type { Settings } from '../settings/settings.ts'
import { compareWithLedger, requireAgreement, type Tolerance } from './agreement.ts'
import { prepareSteps } from './prepare-steps.ts'
import type { History } from './read-history.ts'
import type { ScriptReader } from './script-reader.ts'

/** A run that is to go where `planFor` says, from whatever the ledger holds. */
export interface PlannedRun {
  readonly session: Session
  readonly settings: Settings
  readonly history: History
  readonly scripts: ScriptReader
  readonly planFor: (session: Session, ledger: Ledger) => Promise<Plan>
  readonly request: Tolerance
  readonly listener: { readonly onUnsetVariable?: (reference: UnsetReference) => void }
}

/** A plan for the ledger as it was read, and all that running it takes. */
export interface PreparedRun {
  readonly ledger: Ledger
  readonly plan: Plan
  readonly steps: readonly RunnableStep[]
}

/**
 * Reads the ledger, plans, and prepares every step of the plan. Throws what reading and planning throw,
 * `UnfinishedRevisionError`, `LedgerRightsError`, `NotInOneTransactionError`, and as `prepareSteps`.
 */
export async function prepareRun(run: PlannedRun): Promise<PreparedRun> {
  const { session, settings, history, scripts, planFor, request, listener } = run
  const { ledgerSchema: schema } = settings
  const ledger = await readLedger(session, schema)
  requireAgreement(compareWithLedger(history, ledger, scripts), request)
  const plan = await planFor(session, ledger)
  if (plan.steps.length === 0) return { ledger, plan, steps: [] }
  requireFinishing(plan, ledger)
  await requireWritableLedger(session, schema, ledger)
  const steps = prepareSteps(plan, {
    history,
    ledger,
    scripts,
    onUnsetVariable: reference => listener.onUnsetVariable?.(reference),
    keptScripts: await readKeptScripts(session, schema, unfinished(ledger)),
    limits: scriptLimits(settings),
    lexer: session.server,
  })
  if (settings.transaction === 'all') requireOneTransaction(steps)
  return { ledger, plan, steps }
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

/** The revisions that stopped half-way. */
export function unfinished(ledger: Ledger): RevisionId[] {
  return ledger.revisions.filter(({ pending }) => pending !== undefined).map(({ id }) => id)
}
