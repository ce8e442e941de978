import * as Flags from '@oclif/core/flags'
import { readBranches } from '../../actions/read-branches.ts'
import { readHistory } from '../../actions/read-history.ts'
import type { Settings } from '../../settings/settings.ts'
import { BaseCommand } from '../base-command.ts'
import { EXIT } from '../exit-codes.ts'
import { variableFlag } from '../flags.ts'
import { renderBranchPoint } from '../render/branches.ts'
import { branchPointDocument } from '../render/documents.ts'
import { renderBranchVerdict } from '../render/proof.ts'

export class Branches extends BaseCommand {
  static override summary =
    'List the branch points, each with its children and the heads that diverged from it'
  static override description =
    'For each pair of heads, their nearest common ancestor says how many revisions each has that the other has not.'
  static override examples = [
    '<%= config.bin %> branches',
    '<%= config.bin %> branches --json',
    '<%= config.bin %> branches --conflicts',
  ]
  static override flags = {
    conflicts: Flags.boolean({
      summary:
        'Try every two heads in both orders instead, and list what each branch touches; exit with 7 on a conflict',
    }),
    variable: variableFlag,
  }

  async run() {
    const { flags } = await this.parse(Branches)
    const settings = this.readSettings(flags)
    return flags.conflicts ? this.showConflicts(settings) : this.showBranchPoints(settings)
  }

  private async showBranchPoints(settings: Settings) {
    const found = readBranches(settings)
    await this.logLines(found.branchPoints.map(point => renderBranchPoint(point, found, this.style.out)))
    return found.branchPoints.map(point => branchPointDocument(point, found))
  }

  private async showConflicts(settings: Settings) {
    const { compareBranches } = await import('../../actions/prove-convergence.ts') // with all that runs revisions
    const history = readHistory(settings)
    const verdicts = await this.showProof(listener => compareBranches(settings, history, listener))
    if (verdicts.length === 0) this.log('There is one head: nothing can conflict.')
    for (const verdict of verdicts) this.log(renderBranchVerdict(verdict, this.style.out).join('\n'))
    if (verdicts.some(({ conflicts }) => conflicts.length > 0)) process.exitCode = EXIT.ambiguous
    return verdicts
  }
}
