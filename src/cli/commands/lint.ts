import * as Args from '@oclif/core/args'
import { lint } from '../../actions/lint/lint.ts'
import { BaseCommand } from '../base-command.ts'
import { EXIT } from '../exit-codes.ts'
import { urlFlag, variableFlag } from '../flags.ts'
import { renderLint } from '../render/lint.ts'

export class Lint extends BaseCommand {
  static override summary = 'Look over up scripts for what is risky, without running them'
  static override description =
    'Rules about the history, and those of squawk where the optional package squawk-cli is installed; its .squawk.toml counts. Exits with 3 when something is found.'
  static override examples = [
    '<%= config.bin %> lint',
    '<%= config.bin %> lint :',
    '<%= config.bin %> lint 4f1c --json',
  ]
  static override args = {
    range: Args.string({
      ignoreStdin: true,
      description: 'A:B, ":" for all, or one target; by default what the database does not have',
    }),
  }
  static override flags = { url: urlFlag, variable: variableFlag }

  async run() {
    const { args, flags } = await this.parse(Lint)
    const report = await lint(this.readSettings(flags), args.range, this.databaseListener)
    this.log(renderLint(report, this.style.out))
    if (report.findings.length > 0) process.exitCode = EXIT.finding
    return report
  }
}
