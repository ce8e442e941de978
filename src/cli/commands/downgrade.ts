import { downgrade } from '../../actions/downgrade.ts'
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
  ]
  static override strict = false
  static override flags = migrateFlags

  async run() {
    const { argv, flags } = await this.parse(Downgrade)
    const { request, values } = readMigrateRequest('downgrade', argv as string[], flags)
    const settings = this.readSettings({ ...flags, values })
    return this.showRun(
      (listener, interruption) => downgrade(settings, { ...request, interruption }, listener),
      { finishCurrent: flags['finish-current'] },
    )
  }
}
