import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { createBranch } from '../../actions/create-branch.ts'
import { BaseCommand } from '../base-command.ts'
import { dependsFlag, pathFlag, revIdFlag } from '../flags.ts'

export class Branch extends BaseCommand {
  static override summary = 'Begin a branch: write an empty revision with a label, on the tip of the trunk'
  static override examples = [
    '<%= config.bin %> branch billing',
    '<%= config.bin %> branch hotfix --from 4f1c',
  ]
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'The label of the branch' }),
  }
  static override flags = {
    from: Flags.string({
      helpValue: 'REV',
      summary: 'Where the branch leaves from, instead of the tip of the trunk; "base" makes a new base',
    }),
    message: Flags.string({ char: 'm', summary: 'The message of its first revision' }),
    depends: dependsFlag,
    'rev-id': revIdFlag,
    path: pathFlag,
  }

  async run() {
    const { args, flags } = await this.parse(Branch)
    const revision = createBranch(this.readSettings(flags), {
      ...args,
      ...flags,
      id: flags['rev-id'],
      folder: flags.path,
    })
    return this.showWritten(revision)
  }
}
