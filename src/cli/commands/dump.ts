import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { dump } from '../../actions/dump.ts'
import { BaseCommand } from '../base-command.ts'
import { urlFlag, variableFlag } from '../flags.ts'

export class Dump extends BaseCommand {
  static override summary = 'Write the schema that the revisions give, as SQL'
  static override description =
    'The revisions are applied in a throw-away database, and the schema is written in an order that depends on nothing else, so that a diff of two of them reads well. Owners and data are left out.'
  static override examples = [
    '<%= config.bin %> dump > schema.sql',
    '<%= config.bin %> dump 4f1c',
    '<%= config.bin %> dump --output schema.sql',
  ]
  static override args = {
    target: Args.string({ default: 'heads', ignoreStdin: true, description: 'Revisions, such as "heads"' }),
  }
  static override flags = {
    output: Flags.string({ char: 'o', helpValue: 'FILE', summary: 'Write it to this file, not to stdout' }),
    url: urlFlag,
    variable: variableFlag,
  }

  async run() {
    const { args, flags } = await this.parse(Dump)
    const request = { target: args.target, file: flags.output }
    const document = await this.showProof(listener => dump(this.readSettings(flags), request, listener))
    for (const what of document.notCompared) this.databaseListener.onWarning?.(`not in the schema: ${what}`)
    this.log(document.file === undefined ? document.sql.trimEnd() : `wrote ${document.file}`)
    return document
  }
}
