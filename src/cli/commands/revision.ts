import * as Flags from '@oclif/core/flags'
import { autogenerate } from '../../actions/autogenerate.ts'
import { createRevision } from '../../actions/create-revision.ts'
import type { PossibleRename } from '../../scratch/compare-alike.ts'
import { askYesOrNo } from '../approval.ts'
import { BaseCommand } from '../base-command.ts'
import {
  autogenerateFlags,
  dependsFlag,
  editFlag,
  labelFlag,
  pathFlag,
  revIdFlag,
  variableFlag,
} from '../flags.ts'
import { generationWarnings, renderRenameQuestion } from '../render/autogenerate.ts'
import { readRevisionRequest } from '../revision-request.ts'

export class Revision extends BaseCommand {
  static override summary = 'Write the files of a new revision'
  static override description =
    'It continues the trunk, unless --branch or --head says otherwise. Everything is checked before anything is written.'
  static override usage = 'revision -m TEXT'
  static override examples = [
    '<%= config.bin %> revision -m "add invoices"',
    '<%= config.bin %> revision -m "add invoices" --branch billing',
    '<%= config.bin %> revision -m "a second root" --head base --label reports',
    '<%= config.bin %> revision -m "call it title" --autogenerate --rename account.name:title',
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
    ...autogenerateFlags,
    variable: variableFlag,
  }

  async run() {
    const { flags } = await this.parse(Revision)
    const settings = this.readSettings(flags)
    const request = readRevisionRequest(flags)
    const editing = flags.edit ? settings : undefined
    if (!flags.autogenerate) return this.showWritten(createRevision(settings, request), editing)
    const approveRename = process.stdin.isTTY ? this.askRename : undefined
    const generated = await this.showProof(listener =>
      autogenerate(settings, { ...request, approveRename }, listener),
    )
    for (const warning of generationWarnings(generated)) this.databaseListener.onWarning?.(warning)
    if (generated.revision) return this.showWritten(generated.revision, editing)
    this.log('Nothing to do: the revisions give the desired schema.')
    return { revision: null, files: [] }
  }
  private readonly askRename = async (rename: PossibleRename): Promise<boolean> => {
    this.clearStatus()
    return askYesOrNo(renderRenameQuestion(rename))
  }
}
