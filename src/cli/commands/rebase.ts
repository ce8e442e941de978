import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { rebase } from '../../actions/rebase.ts'
import { BaseCommand } from '../base-command.ts'
import { dryRunFlag, urlFlag } from '../flags.ts'
import { renderRebase } from '../render/rebase.ts'

export class Rebase extends BaseCommand {
  static override summary = 'Move a branch onto another revision, instead of merging it'
  static override description =
    'The parents of its first revisions are rewritten in their files, so that two heads become one line. Refused when the database has applied what would move.'
  static override examples = [
    '<%= config.bin %> rebase billing --onto 4f1c',
    '<%= config.bin %> rebase 77aa --onto 4f1c --dry-run',
  ]
  static override args = {
    branch: Args.string({ required: true, description: 'A label, or a revision of the branch' }),
  }
  static override flags = {
    onto: Flags.string({ required: true, helpValue: 'REV', summary: 'What the branch shall stand on' }),
    force: Flags.boolean({ summary: 'Ask no database whether it has applied what moves' }),
    'dry-run': dryRunFlag,
    url: urlFlag,
  }

  async run() {
    const { args, flags } = await this.parse(Rebase)
    const request = { ...args, ...flags, dryRun: flags['dry-run'] }
    const report = await rebase(this.readSettings(flags), request, this.databaseListener)
    if (report.changes.length > 0 && report.database === undefined)
      this.say('no database was asked whether it has applied what moves')
    this.log(renderRebase(report, { ...args, isDryRun: request.dryRun }, this.style.out))
    return report
  }
}
