import { redact } from '../database/connection/redact.ts'
import { RunInterruptedError } from '../errors/run-errors.ts'
import type { Plan } from '../plan/plan.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { runHook } from './run-hook.ts'

/** The name of a hook, as `[hooks]` writes it. */
export type HookName = keyof NonNullable<Settings['hooks']>

/** A run that has something to do, as its hooks are told of it. */
export interface HookedRun {
  readonly settings: Pick<Settings, 'hooks' | 'root' | 'env'>
  readonly action: 'upgrade' | 'downgrade'
  readonly plan: Plan
  readonly runId: string
  /** For people, without password. */
  readonly database: string
  /** What no hook may be told. */
  readonly secrets: readonly string[]
  readonly listener: HookListener
  readonly stop?: AbortSignal | undefined
}

export interface HookListener {
  readonly onHook?: (name: HookName) => void
  readonly onWarning?: (warning: string) => void
}

/**
 * Runs `use` between the hooks of the settings. A `before_` hook that fails keeps it from running; an `after_` hook
 * that fails is an error although `use` has done its work; `on_failure` runs after the first failure of either,
 * which is what is thrown whatever becomes of that hook.
 * Throws what `use` throws, `HookFailedError`, and `RunInterruptedError`, after which `on_failure` runs all the same.
 */
export async function withHooks<T>(run: HookedRun, use: () => Promise<T>): Promise<T> {
  const { action, plan } = run
  try {
    await callBetween(run, `before_${action}`, plan.headsBefore, 'not run')
    const result = await use()
    await callBetween(run, `after_${action}`, plan.headsAfter, 'applied')
    return result
  } catch (error) {
    const message = redact(error instanceof Error ? error.message : String(error), run.secrets)
    await call(run, 'on_failure', { SQLBRAID_ERROR: message }).catch(failure =>
      run.listener.onWarning?.(failure.message),
    )
    throw error
  }
}

/** Calls a hook that a signal may end; `state` is that of all steps. */
async function callBetween(
  run: HookedRun,
  name: HookName,
  heads: readonly RevisionId[],
  state: 'not run' | 'applied',
): Promise<void> {
  const { stop, plan } = run
  try {
    await call(run, name, { SQLBRAID_HEADS: heads.join(' ') }, stop)
  } catch (cause) {
    if (!stop?.aborted) throw cause
    const steps = plan.steps.map(step => ({ ...step, state }))
    throw new RunInterruptedError(String(stop.reason), steps, { cause })
  }
}

async function call(
  { settings, action, plan, runId, database, listener }: HookedRun,
  name: HookName,
  more: Readonly<Record<string, string>>,
  stop?: AbortSignal,
): Promise<void> {
  const command = settings.hooks?.[name]
  if (command === undefined) return
  listener.onHook?.(name)
  const variables = {
    SQLBRAID_HOOK: name,
    SQLBRAID_ACTION: action,
    SQLBRAID_RUN_ID: runId,
    SQLBRAID_DATABASE: database,
    SQLBRAID_TARGET: plan.target,
    SQLBRAID_STEPS: plan.steps.map(step => `${step.direction} ${step.revision}`).join('\n'),
    ...more,
  }
  await runHook({ name, command, folder: settings.root, env: settings.env, variables, stop })
}
