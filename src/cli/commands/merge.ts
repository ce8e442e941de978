import { Flags } from '@oclif/core'
import { createMerge } from '../../actions/create-merge.ts'
import { BaseCommand } from '../base-command.ts'
import { editFlag, labelFlag, pathFlag, revIdFlag } from '../flags.ts'

export class Merge extends BaseCommand {
  static override summary = 'Write a revision that joins heads'
  static override description =
    'With one label (or revision) its branch is joined with the trunk, with several those are joined; with "heads", or with nothing, all heads are.'
  static override usage = 'merge [REVISION...] [-m TEXT]'
  static override examples = [
    '<%= config.bin %> merge billing -m "merge billing"',
    '<%= config.bin %> merge 4f1c 77aa',
    '<%= config.bin %> merge heads',
  ]
  static override strict = false
  static override flags = {
    message: Flags.string({ char: 'm', summary: 'The message, instead of one that names what is merged' }),
    label: labelFlag,
    'rev-id': revIdFlag,
    path: pathFlag,
    edit: editFlag,
  }

  async run() {
    const { argv, flags } = await this.parse(Merge)
    const settings = this.readSettings(flags)
    const revision = createMerge(settings, {
      targets: argv as string[],
      message: flags.message,
      labels: flags.label,
      id: flags['rev-id'],
      folder: flags.path,
    })
    return this.showWritten(revision, flags.edit ? settings : undefined)
  }
}
