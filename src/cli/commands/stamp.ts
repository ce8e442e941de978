import { Flags } from '@oclif/core'
import { stamp } from '../../actions/stamp.ts'
import { BaseCommand } from '../base-command.ts'
import { dryRunFlag, urlFlag, variableFlag } from '../flags.ts'
import { requireTargets } from '../migrate-request.ts'

export class Stamp extends BaseCommand {
  static override summary = 'Say where the database stands, without running a script'
  static override description =
    'The targets and all they require count as applied afterwards, and what stands above a target does not; other branches stay as they are.'
  static override usage = 'stamp TARGET... [--purge] [--dry-run]'
  static override examples = ['<%= config.bin %> stamp heads', '<%= config.bin %> stamp base --purge']
  static override strict = false
  static override flags = {
    'dry-run': dryRunFlag,
    url: urlFlag,
    variable: variableFlag,
    purge: Flags.boolean({ summary: 'Forget everything else, also revisions that have no file here' }),
  }

  async run() {
    const { argv, flags } = await this.parse(Stamp)
    const targets = requireTargets('stamp', argv as string[])
    const settings = this.readSettings(flags)
    const request = { targets, purge: flags.purge, dryRun: flags['dry-run'] }
    return this.showRun((listener, interruption) => stamp(settings, { ...request, interruption }, listener))
  }
}
