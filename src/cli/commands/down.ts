import * as Args from '@oclif/core/args'
import { generateDown } from '../../actions/generate-down.ts'
import { BaseCommand } from '../base-command.ts'
import { variableFlag } from '../flags.ts'

export class Down extends BaseCommand {
  static override summary = 'Write the down script of a revision that has none'
  static override description =
    'It is made from the schemas before and after the revision in throw-away databases, and written once it is proved to restore the one before. Rows that the up script deletes do not come back.'
  static override examples = ['<%= config.bin %> down 4f1c', '<%= config.bin %> down head --json']
  static override args = {
    revision: Args.string({ required: true, ignoreStdin: true, description: 'The revision' }),
  }
  static override flags = { variable: variableFlag }

  async run() {
    const { args, flags } = await this.parse(Down)
    const settings = this.readSettings(flags)
    const written = await this.showProof(listener => generateDown(settings, args.revision, listener))
    const lost = written.lost.map(object => `the data of ${object} do not come back`)
    const unseen = written.notCompared.map(what => `not compared: ${what}`)
    for (const warning of [...lost, ...unseen]) this.databaseListener.onWarning?.(warning)
    this.log(`wrote ${written.file}`)
    return written
  }
}
