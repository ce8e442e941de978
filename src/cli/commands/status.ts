import * as Flags from '@oclif/core/flags'
import { readState } from '../../actions/read-state.ts'
import { BaseCommand } from '../base-command.ts'
import { EXIT } from '../exit-codes.ts'
import { urlFlag } from '../flags.ts'
import { statusDocument } from '../render/documents.ts'
import { renderStatus } from '../render/state.ts'

export class Status extends BaseCommand {
  static override summary =
    'Compare the database with the revision files: what is applied, pending, changed, unknown'
  static override description =
    'With --verbose also what was changed in the files of applied revisions: "-" as it was applied, "+" as it is now.'
  static override examples = [
    '<%= config.bin %> status',
    '<%= config.bin %> status --verbose',
    '<%= config.bin %> status --exit-code --quiet',
  ]
  static override flags = {
    'exit-code': Flags.boolean({
      summary:
        'Exit with 3 when revisions are pending, 6 when one stopped half-way, 8 when files and database disagree',
    }),
    url: urlFlag,
  }

  async run() {
    const { flags } = await this.parse(Status)
    const state = await readState(this.readSettings(flags), this.databaseListener, {
      withDifferences: flags.verbose,
    })
    this.log(renderStatus(state, this.style.out))
    if (flags['exit-code']) process.exitCode = exitCodeOfState(state)
    return statusDocument(state)
  }
}

function exitCodeOfState({
  incomplete,
  unknown,
  changed,
  pending,
}: Awaited<ReturnType<typeof readState>>): number {
  if (incomplete.length > 0) return EXIT.revisionIncomplete
  if (unknown.length > 0 || changed.length > 0) return EXIT.disagreement
  return pending.length > 0 ? EXIT.finding : EXIT.done
}
