import { readHistory } from '../../actions/read-history.ts'
import { branchPoints } from '../../graph/lineage.ts'
import { BaseCommand } from '../base-command.ts'
import { revisionDocument } from '../render/documents.ts'
import { renderBranchPoint } from '../render/revisions.ts'

export class Branches extends BaseCommand {
  static override summary = 'List the branch points, each with its children'
  static override examples = ['<%= config.bin %> branches', '<%= config.bin %> branches --json']

  async run() {
    const { flags } = await this.parse(Branches)
    const { graph, revisions } = readHistory(this.readSettings(flags))
    const found = branchPoints(graph).flatMap(id => revisions.get(id) ?? [])
    for (const point of found) {
      const children = graph.children(point.id).flatMap(id => revisions.get(id) ?? [])
      this.log(renderBranchPoint(point, children, graph, this.style.out))
    }
    return found.map(point => ({ ...revisionDocument(point, graph), children: graph.children(point.id) }))
  }
}
