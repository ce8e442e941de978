import { upgrade, upgradeScript } from '../../actions/upgrade.ts'
import { BaseCommand } from '../base-command.ts'
import { migrateFlags } from '../flags.ts'
import { readMigrateRequest } from '../migrate-request.ts'

export class Upgrade extends BaseCommand {
  static override summary = 'Apply revisions, and all they require'
  static override description =
    'A target is an id or its beginning, a label, "head", "heads", +N, or REV+N; LABEL@head and LABEL@+N stay within a branch.'
  static override usage = 'upgrade TARGET... [--dry-run | --sql]'
  static override examples = [
    '<%= config.bin %> upgrade heads',
    '<%= config.bin %> upgrade +1',
    '<%= config.bin %> upgrade billing@head --dry-run',
    '<%= config.bin %> upgrade heads --sql --from 4f1c > upgrade.sql',
  ]
  static override strict = false
  static override flags = migrateFlags

  async run() {
    const { argv, flags } = await this.parse(Upgrade)
    const { request, values } = readMigrateRequest('upgrade', argv as string[], flags)
    const settings = this.readSettings({ ...flags, values })
    if (flags.sql) return this.showScript(listener => upgradeScript(settings, request, listener))
    return this.showRun(
      (listener, interruption) => upgrade(settings, { ...request, interruption }, listener),
      { finishCurrent: flags['finish-current'] },
    )
  }
}
