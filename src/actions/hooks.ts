import { redact } from '../database/connection/redact.ts'
import type { Plan } from '../plan/plan.ts'
import type { Settings } from '../settings/settings.ts'
import { runHook } from './run-hook.ts'

/** The name of a hook, as `[hooks]` writes it. */
export type HookName = keyof NonNullable<Settings['hooks']>

/** A run that has something to do, as its hooks are told of it. */
export interface HookedRun {
  readonly settings: Pick<Settings, 'hooks' | 'root' | 'env'>
  /** What was asked for. */
  readonly action: string
  readonly plan: Plan
  readonly runId: string
  /** For people, without password. */
  readonly database: string
  /** What no hook may be told. */
  readonly secrets: readonly string[]
  readonly listener: HookListener
}

export interface HookListener {
  readonly onHook?: (name: HookName) => void
  readonly onWarning?: (warning: string) => void
}

/**
 * Runs `use` between the hooks of the settings: those of every direction that the plan goes. A `before_` hook that fails keeps it from running; an `after_` hook
 * that fails is an error although `use` has done its work; `on_failure` runs after the first failure of either,
 * which is what is thrown whatever becomes of that hook.
 * Throws what `use` throws, and `HookFailedError`.
 */
export async function withHooks<T>(run: HookedRun, use: () => Promise<T>): Promise<T> {
  const { steps, headsBefore, headsAfter } = run.plan
  const directions = [...new Set(steps.map(({ direction }) => direction))]
  try {
    for (const direction of directions)
      await call(run, BEFORE[direction], { SQLBRAID_HEADS: headsBefore.join(' ') })
    const result = await use()
    for (const direction of directions)
      await call(run, AFTER[direction], { SQLBRAID_HEADS: headsAfter.join(' ') })
    return result
  } catch (error) {
    const message = redact(error instanceof Error ? error.message : String(error), run.secrets)
    await call(run, 'on_failure', { SQLBRAID_ERROR: message }).catch(failure =>
      run.listener.onWarning?.(failure.message),
    )
    throw error
  }
}

const BEFORE = { up: 'before_upgrade', down: 'before_downgrade' } as const
const AFTER = { up: 'after_upgrade', down: 'after_downgrade' } as const

async function call(
  { settings, action, plan, runId, database, listener }: HookedRun,
  name: HookName,
  more: Readonly<Record<string, string>>,
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
  await runHook({ name, command, folder: settings.root, env: settings.env, variables })
}
