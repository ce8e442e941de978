import { Args } from '@oclif/core'
import { readNamedRevisions } from '../../actions/read-named-revisions.ts'
import { BaseCommand } from '../base-command.ts'
import { urlFlag } from '../flags.ts'
import { revisionDocument } from '../render/documents.ts'
import { renderRevisionDetails } from '../render/revisions.ts'

export class Show extends BaseCommand {
  static override summary = 'Show what the files say of a revision'
  static override description =
    'REVISION is an id or its beginning, a label, or any other target, such as "heads" or "current".'
  static override examples = ['<%= config.bin %> show 4f1c', '<%= config.bin %> show heads']
  static override args = {
    revision: Args.string({ required: true, ignoreStdin: true, description: 'The revision' }),
  }
  static override flags = { url: urlFlag }

  async run() {
    const { args, flags } = await this.parse(Show)
    const settings = this.readSettings(flags)
    const { graph, named } = await readNamedRevisions(settings, args.revision, 'show', this.databaseListener)
    this.log(named.map(revision => renderRevisionDetails(revision, graph, this.style.out)).join('\n\n'))
    return named.map(revision => ({ ...revisionDocument(revision, graph), ...revision }))
  }
}
