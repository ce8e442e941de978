import type { MigrateRequest } from '../actions/migrate.ts'
import { UsageError } from '../errors/usage-errors.ts'
import type { SettingsFlags } from '../settings/settings.ts'

/** What the flags of every command that carries out a plan say. */
export interface RunFlags {
  readonly backup: boolean
  readonly 'backup-file'?: string | undefined
  readonly 'dry-run': boolean
  readonly 'lock-timeout'?: string | undefined
  readonly 'lock-wait'?: string | undefined
  readonly 'statement-timeout'?: string | undefined
  readonly 'no-hooks': boolean
  readonly transaction?: string | undefined
  readonly 'wait-for-database'?: string | undefined
}

/** What the flags of `upgrade` and `downgrade` say. */
export interface MigrateFlags extends RunFlags {
  readonly from?: string | undefined
  readonly 'ignore-changed': boolean
  readonly 'ignore-unknown': boolean
  /** Of `downgrade`, in place of targets. */
  readonly run?: string | undefined
}

type Values = NonNullable<SettingsFlags['values']>

/** Splits the flags into what is asked of the run and what overrides the settings. */
export function readRunRequest(flags: RunFlags): {
  readonly request: Pick<MigrateRequest, 'dryRun' | 'skipHooks' | 'backup'>
  readonly values: Values
} {
  return {
    request: { dryRun: flags['dry-run'], skipHooks: flags['no-hooks'], ...backupRequest(flags) },
    values: {
      lock_timeout: flags['lock-timeout'],
      lock_wait: flags['lock-wait'],
      statement_timeout: flags['statement-timeout'],
      transaction: flags.transaction,
      wait_for_database: flags['wait-for-database'],
    },
  }
}

/** As `readRunRequest`, with the targets and what may be passed over. */
export function readMigrateRequest(
  command: 'upgrade' | 'downgrade',
  targets: readonly string[],
  flags: MigrateFlags,
): { readonly request: MigrateRequest; readonly values: Values } {
  const { request, values } = readRunRequest(flags)
  return {
    request: {
      ...request,
      targets: flags.run === undefined ? requireTargets(command, targets) : refuseTargets(targets),
      ...(flags.from === undefined ? {} : { from: flags.from }),
      ignoreChanged: flags['ignore-changed'],
      ignoreUnknown: flags['ignore-unknown'],
    },
    values,
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

function refuseTargets(targets: readonly string[]): readonly string[] {
  if (targets.length === 0) return targets
  throw new UsageError('Give either targets or --run, not both.', ['sqlbraid downgrade --run last'])
}

function backupRequest({ backup, 'backup-file': file }: RunFlags): Pick<MigrateRequest, 'backup'> {
  if (file !== undefined) return { backup: { file } }
  return backup ? { backup: {} } : {}
}
