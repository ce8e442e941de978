import * as Args from '@oclif/core/args'
import { explainRevision } from '../../actions/explain-revision.ts'
import { BaseCommand } from '../base-command.ts'
import { standingFlags, wantsStandings } from '../flags.ts'
import { renderExplanation } from '../render/explanation.ts'

export class Explain extends BaseCommand {
  static override summary = 'Say why an upgrade contains a revision'
  static override description =
    'Without targets it is "upgrade heads" that is explained. Without -d or -i it is the upgrade of an empty database.'
  static override usage = 'explain REVISION [TARGET...]'
  static override examples = [
    '<%= config.bin %> explain 4f1c',
    '<%= config.bin %> explain 4f1c billing@head -i',
  ]
  static override args = {
    revision: Args.string({ required: true, ignoreStdin: true, description: 'The revision' }),
  }
  static override strict = false
  static override flags = standingFlags

  async run() {
    const { argv, flags } = await this.parse(Explain)
    const [revision = '', ...named] = argv as string[]
    const targets = named.length === 0 ? ['heads'] : named
    const request = { revision, targets, withStandings: wantsStandings(flags) }
    const found = await explainRevision(this.readSettings(flags), request, this.databaseListener)
    this.log(renderExplanation(found, targets, this.style.out))
    return { targets, ...found.explanation }
  }
}
