import * as Flags from '@oclif/core/flags'
import type { MigrateReport } from '../../actions/migrate.ts'
import { sync } from '../../actions/sync.ts'
import type { Interruption } from '../../database/run-options.ts'
import { askApproval } from '../approval.ts'
import { BaseCommand } from '../base-command.ts'
import { ignoreChangedFlag, runFlags } from '../flags.ts'
import { readRunRequest } from '../migrate-request.ts'
import { renderReport } from '../render/report.ts'

export class Sync extends BaseCommand {
  static override summary = 'Make the database match this checkout'
  static override description =
    'Reverts what the database has and this checkout has not, and what was applied upon that, with the down scripts that the database has kept; then applies the heads. Shows the plan, and asks.'
  static override examples = [
    '<%= config.bin %> sync',
    '<%= config.bin %> sync --dry-run',
    '<%= config.bin %> sync --yes',
  ]
  static override flags = {
    ...runFlags,
    'ignore-changed': ignoreChangedFlag,
    yes: Flags.boolean({ char: 'y', summary: 'Do not ask' }),
  }

  async run() {
    const { flags } = await this.parse(Sync)
    const { request, values } = readRunRequest(flags)
    const settings = this.readSettings({ ...flags, values })
    const ask = (interruption: Interruption) => (planned: MigrateReport) => {
      this.say(renderReport(planned, this.style.err))
      return askApproval({ command: 'sync', isApproved: flags.yes, interruption })
    }
    const syncRequest = { ...request, ignoreChanged: flags['ignore-changed'] }
    return this.showRun(
      (listener, interruption) =>
        sync(settings, { ...syncRequest, interruption, approve: ask(interruption) }, listener),
      { finishCurrent: flags['finish-current'] },
    )
  }
}
