import { Flags } from '@oclif/core'
import { compareBranches } from '../../actions/prove-convergence.ts'
import { type History, readHistory } from '../../actions/read-history.ts'
import { branchPoints } from '../../graph/lineage.ts'
import type { Settings } from '../../settings/settings.ts'
import { BaseCommand } from '../base-command.ts'
import { EXIT } from '../exit-codes.ts'
import { revisionDocument } from '../render/documents.ts'
import { renderBranchVerdict } from '../render/proof.ts'
import { renderBranchPoint } from '../render/revisions.ts'

export class Branches extends BaseCommand {
  static override summary = 'List the branch points, each with its children'
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
  }

  async run() {
    const { flags } = await this.parse(Branches)
    const settings = this.readSettings(flags)
    const history = readHistory(settings)
    return flags.conflicts ? this.showConflicts(settings, history) : this.showBranchPoints(history)
  }

  private showBranchPoints({ graph, revisions }: History) {
    const found = branchPoints(graph).flatMap(id => revisions.get(id) ?? [])
    for (const point of found) {
      const children = graph.children(point.id).flatMap(id => revisions.get(id) ?? [])
      this.log(renderBranchPoint(point, children, graph, this.style.out))
    }
    return found.map(point => ({ ...revisionDocument(point, graph), children: graph.children(point.id) }))
  }

  private async showConflicts(settings: Settings, history: History) {
    const verdicts = await this.showProof(listener => compareBranches(settings, history, listener))
    if (verdicts.length === 0) this.log('There is one head: nothing can conflict.')
    for (const verdict of verdicts) this.log(renderBranchVerdict(verdict, this.style.out).join('\n'))
    if (verdicts.some(({ conflicts }) => conflicts.length > 0)) process.exitCode = EXIT.ambiguous
    return verdicts
  }
}
