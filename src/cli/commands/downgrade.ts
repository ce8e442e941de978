import { Flags } from '@oclif/core'
import { downgrade } from '../../actions/downgrade.ts'
import { downgradeRun } from '../../actions/downgrade-run.ts'
import { BaseCommand } from '../base-command.ts'
import { migrateFlags } from '../flags.ts'
import { readMigrateRequest } from '../migrate-request.ts'

export class Downgrade extends BaseCommand {
  static override summary = 'Revert every applied revision above the target'
  static override description =
    'A target is an id or its beginning, a label, "base", -N, or REV-N; LABEL@base and LABEL@-N stay within a branch.'
  static override usage = 'downgrade TARGET... [--dry-run]'
  static override examples = [
    '<%= config.bin %> downgrade -1',
    '<%= config.bin %> downgrade 4f1c --dry-run',
    '<%= config.bin %> downgrade billing@base',
    '<%= config.bin %> downgrade --run last',
  ]
  static override strict = false
  static override flags = {
    ...migrateFlags,
    run: Flags.string({
      helpValue: 'ID|last',
      exclusive: ['from'],
      summary: 'Instead of a target: revert exactly what this run of the log applied',
    }),
  }

  async run() {
    const { argv, flags } = await this.parse(Downgrade)
    const { request, values } = readMigrateRequest('downgrade', argv as string[], flags)
    const settings = this.readSettings({ ...flags, values })
    const { run } = flags
    return this.showRun(listener =>
      run === undefined
        ? downgrade(settings, request, listener)
        : downgradeRun(settings, { ...request, run }, listener),
    )
  }
}
