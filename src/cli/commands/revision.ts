import * as Flags from '@oclif/core/flags'
import { createRevision } from '../../actions/create-revision.ts'
import { BaseCommand } from '../base-command.ts'
import { dependsFlag, editFlag, labelFlag, pathFlag, revIdFlag } from '../flags.ts'

export class Revision extends BaseCommand {
  static override summary = 'Write the files of a new revision'
  static override description =
    'It continues the trunk, unless --branch or --head says otherwise. Everything is checked before anything is written.'
  static override usage = 'revision -m TEXT'
  static override examples = [
    '<%= config.bin %> revision -m "add invoices"',
    '<%= config.bin %> revision -m "add invoices" --branch billing',
    '<%= config.bin %> revision -m "a second root" --head base --label reports',
  ]
  static override flags = {
    message: Flags.string({ char: 'm', required: true, summary: 'What the revision does, in one line' }),
    branch: Flags.string({
      char: 'b',
      helpValue: 'LABEL',
      summary: 'Continue this branch',
      exclusive: ['head'],
    }),
    head: Flags.string({ helpValue: 'REV', summary: 'Stand on this head; "base" makes a new base' }),
    splice: Flags.boolean({ dependsOn: ['head'], summary: 'Let --head be a revision that has children' }),
    label: labelFlag,
    depends: dependsFlag,
    'rev-id': revIdFlag,
    path: pathFlag,
    'no-transaction': Flags.boolean({ summary: 'Write "transaction: off": statements run one by one' }),
    edit: editFlag,
  }

  async run() {
    const { flags } = await this.parse(Revision)
    const settings = this.readSettings(flags)
    const revision = createRevision(settings, {
      ...flags,
      labels: flags.label,
      id: flags['rev-id'],
      folder: flags.path,
      transaction: flags['no-transaction'] ? 'off' : undefined,
    })
    return this.showWritten(revision, flags.edit ? settings : undefined)
  }
}
