import { type Ledger, requireWritableLedger } from '../database/ledger.ts'
import type { RunnableStep } from '../database/runnable-step.ts'
import { NotInOneTransactionError, UnfinishedRevisionError } from '../errors/history-errors.ts'
import { RevisionFilesError } from '../errors/revision-errors.ts'
import type { ScriptLimits } from '../ledger/transaction.ts'
import type { Plan } from '../plan/plan.ts'
import { findPartProblems } from '../revision/read-revisions.ts'
import type { Settings } from '../settings/settings.ts'
import { type PlannedRun, planRun } from './plan-run.ts'
import { prepareSteps } from './prepare-steps.ts'

/** A plan for the ledger as it was read, and all that running it takes. */
export interface PreparedRun {
  readonly ledger: Ledger
  readonly plan: Plan
  readonly steps: readonly RunnableStep[]
}

/**
 * As `planRun`, and prepares every step of the plan. Throws also `UnfinishedRevisionError`, `LedgerRightsError`,
 * `NotInOneTransactionError`, and as `prepareSteps`.
 */
export async function prepareRun(run: PlannedRun): Promise<PreparedRun> {
  const planned = await planRun(run)
  const { ledger, plan } = planned
  if (plan.steps.length === 0) return { ledger, plan, steps: [] }
  requireFinishing(plan, ledger)
  await requireWritableLedger(run.session, run.settings.ledgerSchema, ledger)
  const steps = preparePlanned(run, planned)
  if (run.settings.transaction === 'all') requireOneTransaction(steps)
  return { ledger, plan, steps }
}

/**
 * Reads and splits the scripts of what is planned. Throws as `prepareSteps`, and `RevisionFilesError` also for the headers of
 * down and verify scripts, which nobody has looked at yet.
 */
export function preparePlanned(
  { session, settings, history, scripts, movement, listener }: PlannedRun,
  { ledger, plan, keptScripts }: Awaited<ReturnType<typeof planRun>>,
): RunnableStep[] {
  const problems = plan.steps.flatMap(({ revision }) => {
    const { parts } = history.revisions.get(revision) ?? {}
    return parts ? findPartProblems(parts, revision, scripts.see) : []
  })
  if (problems.length > 0) throw new RevisionFilesError(problems)
  return prepareSteps(plan, {
    history,
    ledger,
    scripts,
    onUnsetVariable: reference => listener.onUnsetVariable?.(reference),
    downs: movement.downs,
    keptScripts,
    limits: scriptLimits(settings),
    lexer: session.server,
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
