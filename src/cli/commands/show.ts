import * as Args from '@oclif/core/args'
import { readNamedRevisions } from '../../actions/read-named-revisions.ts'
import { BaseCommand } from '../base-command.ts'
import { standingFlags, wantsStandings } from '../flags.ts'
import { revisionDetailsDocument } from '../render/documents.ts'
import { renderRevisions } from '../render/revision-list.ts'

export class Show extends BaseCommand {
  static override summary = 'Show everything that is known of a revision'
  static override description =
    'REVISION is an id or its beginning, a label, or any other target, such as "heads" or "current". With -d or -i also how the database has it; then it may be a revision that only the database knows.'
  static override examples = [
    '<%= config.bin %> show 4f1c',
    '<%= config.bin %> show heads',
    '<%= config.bin %> show current -i',
  ]
  static override args = {
    revision: Args.string({ required: true, ignoreStdin: true, description: 'The revision' }),
  }
  static override flags = standingFlags

  async run() {
    const { args, flags } = await this.parse(Show)
    const request = { target: args.revision, command: 'show', withStandings: wantsStandings(flags) }
    const view = await readNamedRevisions(this.readSettings(flags), request, this.databaseListener)
    await this.logLines(renderRevisions(view.named, view, { verbose: true }, this.style.out))
    return view.named.map(id => revisionDetailsDocument(id, view))
  }
}
