import * as Flags from '@oclif/core/flags'
import { merge } from '../../actions/merge.ts'
import { BaseCommand } from '../base-command.ts'
import { editFlag, labelFlag, pathFlag, revIdFlag, variableFlag } from '../flags.ts'
import { proofWarnings } from '../render/proof.ts'

export class Merge extends BaseCommand {
  static override summary = 'Write a revision that joins heads'
  static override description =
    'With one label (or revision) its branch is joined with the trunk, with several those are joined; with "heads", or with nothing, all heads are. Both orders of the branches are tried in throw-away databases first, and must end in the same schema.'
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
    'no-proof': Flags.boolean({ summary: 'Do not try whether the branches commute' }),
    edit: editFlag,
    variable: variableFlag,
  }

  async run() {
    const { argv, flags } = await this.parse(Merge)
    const settings = this.readSettings(flags)
    const request = {
      targets: argv as string[],
      message: flags.message,
      labels: flags.label,
      id: flags['rev-id'],
      folder: flags.path,
      proof: !flags['no-proof'],
    }
    const { revision, verdicts } = await this.showProof(listener => merge(settings, request, listener))
    for (const warning of verdicts.flatMap(proofWarnings)) this.databaseListener.onWarning?.(warning)
    return this.showWritten(revision, flags.edit ? settings : undefined)
  }
}
