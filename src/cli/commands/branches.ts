import { readBranches } from '../../actions/read-branches.ts'
import { BaseCommand } from '../base-command.ts'
import { renderBranchPoint } from '../render/branches.ts'
import { branchPointDocument } from '../render/documents.ts'

export class Branches extends BaseCommand {
  static override summary =
    'List the branch points, each with its children and the heads that diverged from it'
  static override description =
    'For each pair of heads, their nearest common ancestor says how many revisions each has that the other has not.'
  static override examples = ['<%= config.bin %> branches', '<%= config.bin %> branches --json']

  async run() {
    const { flags } = await this.parse(Branches)
    const found = readBranches(this.readSettings(flags))
    await this.logLines(found.branchPoints.map(point => renderBranchPoint(point, found, this.style.out)))
    return found.branchPoints.map(point => branchPointDocument(point, found))
  }
}
