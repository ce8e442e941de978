import * as Flags from '@oclif/core/flags'
import { downgrade, downgradeScript } from '../../actions/downgrade.ts'
import { downgradeRun } from '../../actions/downgrade-run.ts'
import { BaseCommand } from '../base-command.ts'
import { migrateFlags } from '../flags.ts'
import { readMigrateRequest } from '../migrate-request.ts'

export class Downgrade extends BaseCommand {
  static override summary = 'Revert every applied revision above the target'
  static override description =
    'A target is an id or its beginning, a label, "base", -N, or REV-N; LABEL@base and LABEL@-N stay within a branch.'
  static override usage = 'downgrade TARGET... [--dry-run | --sql]'
  static override examples = [
    '<%= config.bin %> downgrade -1',
    '<%= config.bin %> downgrade 4f1c --dry-run',
    '<%= config.bin %> downgrade billing@base',
    '<%= config.bin %> downgrade --run last',
    '<%= config.bin %> downgrade base --sql --from 4f1c > downgrade.sql',
  ]
  static override strict = false
  static override flags = {
    ...migrateFlags,
    run: Flags.string({
      helpValue: 'ID|last',
      exclusive: ['from', 'sql'],
      summary: 'Instead of a target: revert exactly what this run of the log applied',
    }),
  }

  async run() {
    const { argv, flags } = await this.parse(Downgrade)
    const { request, values } = readMigrateRequest('downgrade', argv as string[], flags)
    const settings = this.readSettings({ ...flags, values })
    if (flags.sql) return this.showScript(listener => downgradeScript(settings, request, listener))
    const { run } = flags
    return this.showRun(
      (listener, interruption) =>
        run === undefined
          ? downgrade(settings, { ...request, interruption }, listener)
          : downgradeRun(settings, { ...request, run, interruption }, listener),
      { finishCurrent: flags['finish-current'] },
    )
  }
}
