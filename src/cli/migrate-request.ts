import type { MigrateRequest } from '../actions/migrate.ts'
import { UsageError } from '../errors/usage-errors.ts'
import type { SettingsFlags } from '../settings/settings.ts'

/** What the flags of `upgrade` and `downgrade` say. */
export interface MigrateFlags {
  readonly 'dry-run': boolean
  readonly from?: string | undefined
  readonly 'ignore-changed': boolean
  readonly 'ignore-unknown': boolean
  readonly 'lock-wait'?: string | undefined
  readonly transaction?: string | undefined
}

/** Splits the flags into what is asked of the run and what overrides the settings. */
export function readMigrateRequest(
  command: 'upgrade' | 'downgrade',
  targets: readonly string[],
  flags: MigrateFlags,
): { readonly request: MigrateRequest; readonly values: NonNullable<SettingsFlags['values']> } {
  return {
    request: {
      targets: requireTargets(command, targets),
      dryRun: flags['dry-run'],
      ...(flags.from === undefined ? {} : { from: flags.from }),
      ignoreChanged: flags['ignore-changed'],
      ignoreUnknown: flags['ignore-unknown'],
    },
    values: { lock_wait: flags['lock-wait'], transaction: flags.transaction },
  }
}

/** Wrong usage unless there is a target: a deploy that forgot to say where to must not guess. */
export function requireTargets(command: string, targets: readonly string[]): readonly string[] {
  if (targets.length > 0) return targets
  const example = { upgrade: 'upgrade heads', downgrade: 'downgrade -1', stamp: 'stamp heads' }[command]
  throw new UsageError('Say where to: TARGET is missing.', [
    `sqlbraid ${example}`,
    `sqlbraid ${command} --help`,
  ])
}
