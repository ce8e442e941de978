import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { type Resolution, resolve } from '../../actions/resolve.ts'
import { UsageError } from '../../errors/usage-errors.ts'
import { BaseCommand } from '../base-command.ts'
import { urlFlag, variableFlag } from '../flags.ts'
import { renderResolution } from '../render/resolution.ts'

export class Resolve extends BaseCommand {
  static override summary = 'Record what you have made of a revision that stopped half-way'
  static override description =
    'For a revision with "transaction: off" that you have completed or undone by hand; no script is run.'
  static override examples = [
    '<%= config.bin %> resolve 4f1c --applied',
    '<%= config.bin %> resolve 4f1c --not-applied',
    '<%= config.bin %> resolve 4f1c --resume',
  ]
  static override args = {
    revision: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Its id, or the beginning of it',
    }),
  }
  static override flags = {
    applied: Flags.boolean({ summary: 'It is wholly applied now' }),
    'not-applied': Flags.boolean({ summary: 'Nothing of it is left' }),
    resume: Flags.boolean({
      summary: 'It is as it was, and the run that was at it is dead: the next one may go on',
    }),
    url: urlFlag,
    variable: variableFlag,
  }

  async run() {
    const { args, flags } = await this.parse(Resolve)
    const said: readonly Resolution[] = [
      ...(flags.applied ? (['applied'] as const) : []),
      ...(flags['not-applied'] ? (['not applied'] as const) : []),
      ...(flags.resume ? (['resume'] as const) : []),
    ]
    const [resolution] = said
    if (resolution === undefined || said.length > 1)
      throw new UsageError('Say one of --applied, --not-applied and --resume.', [
        `sqlbraid resolve ${args.revision} --applied`,
      ])
    const request = { revision: args.revision, resolution }
    const report = await resolve(this.readSettings(flags), request, this.databaseListener)
    this.log(renderResolution(report, this.style.out))
    return report
  }
}
