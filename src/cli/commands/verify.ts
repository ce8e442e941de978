import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { verify } from '../../actions/verify.ts'
import { isProved } from '../../scratch/revision-proof.ts'
import { BaseCommand } from '../base-command.ts'
import { EXIT } from '../exit-codes.ts'
import { urlFlag, variableFlag } from '../flags.ts'
import { renderVerifyReport, verifyDocument } from '../render/verify.ts'

export class Verify extends BaseCommand {
  static override summary = 'Prove in throw-away databases that revisions go up, down and up again'
  static override description =
    'Each down must restore the schema that was there, and each merge point must converge. What was proved before and has not changed is not tried again. Exits with 3 when a revision is not proved.'
  static override examples = [
    '<%= config.bin %> verify',
    '<%= config.bin %> verify current:heads',
    '<%= config.bin %> verify 4f1c --json',
  ]
  static override args = {
    range: Args.string({ default: ':', description: 'A:B, or one target; the whole history by default' }),
  }
  static override flags = {
    jobs: Flags.integer({
      char: 'j',
      default: 2,
      min: 1,
      max: 64,
      summary: 'How many databases to work in at once',
    }),
    cache: Flags.boolean({ default: true, allowNo: true, summary: 'Take over proofs of earlier runs' }),
    url: urlFlag,
    variable: variableFlag,
  }

  async run() {
    const { args, flags } = await this.parse(Verify)
    const settings = this.readSettings(flags)
    const report = await this.showProof(listener =>
      verify(settings, { range: args.range, jobs: flags.jobs, cache: flags.cache }, listener),
    )
    this.log(renderVerifyReport(report, this.style.out))
    if (!report.proofs.every(isProved)) process.exitCode = EXIT.finding
    return verifyDocument(report)
  }
}
