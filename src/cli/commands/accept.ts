import * as Args from '@oclif/core/args'
import { accept } from '../../actions/accept.ts'
import { BaseCommand } from '../base-command.ts'
import { urlFlag, variableFlag } from '../flags.ts'

export class Accept extends BaseCommand {
  static override summary = 'Take a changed revision for what was applied, without running a script'
  static override description =
    'The database then keeps the scripts as the files have them now. For a change that made no difference, or that was carried out by hand.'
  static override examples = ['<%= config.bin %> accept 4f1c']
  static override args = {
    revision: Args.string({ required: true, ignoreStdin: true, description: 'The revision' }),
  }
  static override flags = { url: urlFlag, variable: variableFlag }

  async run() {
    const { args, flags } = await this.parse(Accept)
    const report = await accept(this.readSettings(flags), args.revision, this.databaseListener)
    const { revision, isAccepted } = report
    this.log(
      isAccepted
        ? `Accepted ${revision}: its files are what was applied.`
        : `Nothing to do: the files of ${revision} are what was applied.`,
    )
    return report
  }
}
