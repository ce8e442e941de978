import { check, isClean } from '../../actions/check.ts'
import { BaseCommand } from '../base-command.ts'
import { EXIT } from '../exit-codes.ts'
import { urlFlag, variableFlag } from '../flags.ts'
import { renderCheck } from '../render/check.ts'

export class Check extends BaseCommand {
  static override summary = 'Check the revision files, the ledger and the schema of a database in one'
  static override description =
    'The schema is compared with the one that the applied revisions give in a throw-away database. Exits with 3 when something is found.'
  static override examples = ['<%= config.bin %> check', '<%= config.bin %> check -e production --json']
  static override flags = { url: urlFlag, variable: variableFlag }

  async run() {
    const { flags } = await this.parse(Check)
    const report = await this.showProof(listener => check(this.readSettings(flags), listener))
    this.log(renderCheck(report, this.style.out))
    if (!isClean(report)) process.exitCode = EXIT.finding
    return report
  }
}
