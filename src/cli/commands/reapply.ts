import * as Args from '@oclif/core/args'
import { reapply } from '../../actions/reapply.ts'
import { BaseCommand } from '../base-command.ts'
import { runFlags } from '../flags.ts'
import { readRunRequest } from '../migrate-request.ts'

export class Reapply extends BaseCommand {
  static override summary = 'Revert a revision as it was applied, and apply it as its files are now'
  static override description =
    'For a revision whose file was changed after it was applied. Runs the down script that the database has kept, then the up script of the file; nothing may stand on the revision.'
  static override examples = ['<%= config.bin %> reapply 4f1c', '<%= config.bin %> reapply head --dry-run']
  static override args = {
    revision: Args.string({ required: true, ignoreStdin: true, description: 'The revision' }),
  }
  static override flags = runFlags

  async run() {
    const { args, flags } = await this.parse(Reapply)
    const { request, values } = readRunRequest(flags)
    const settings = this.readSettings({ ...flags, values })
    return this.showRun(
      (listener, interruption) =>
        reapply(settings, { ...request, revision: args.revision, interruption }, listener),
      { finishCurrent: flags['finish-current'] },
    )
  }
}
