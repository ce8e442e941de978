import * as Args from '@oclif/core/args'
import { openInEditor } from '../../actions/open-in-editor.ts'
import { readNamedRevisions } from '../../actions/read-named-revisions.ts'
import { BaseCommand } from '../base-command.ts'
import { urlFlag } from '../flags.ts'

export class Edit extends BaseCommand {
  static override summary = 'Open the files of a revision in your editor ($VISUAL, $EDITOR)'
  static override examples = ['<%= config.bin %> edit head', '<%= config.bin %> edit 4f1c']
  static override args = {
    revision: Args.string({ required: true, ignoreStdin: true, description: 'The revision' }),
  }
  static override flags = { url: urlFlag }

  async run() {
    const { args, flags } = await this.parse(Edit)
    const settings = this.readSettings(flags)
    const request = { target: args.revision, command: 'edit' }
    const { named, revisions } = await readNamedRevisions(settings, request, this.databaseListener)
    const opened = named.flatMap(id => revisions.get(id) ?? [])
    const files = opened.flatMap(({ parts }) =>
      [parts.up, parts.down, parts.verify].filter(file => file !== undefined),
    )
    await openInEditor(files, settings.env)
    return { files }
  }
}
