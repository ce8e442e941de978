import { readHistory } from '../../actions/read-history.ts'
import { heads } from '../../graph/lineage.ts'
import { BaseCommand } from '../base-command.ts'
import { revisionDocument } from '../render/documents.ts'
import { renderRevision } from '../render/revisions.ts'

export class Heads extends BaseCommand {
  static override summary = 'List the heads: the revisions that no other names as parent'
  static override examples = ['<%= config.bin %> heads', '<%= config.bin %> heads --json']

  async run() {
    const { flags } = await this.parse(Heads)
    const { graph, revisions } = readHistory(this.readSettings(flags))
    const found = heads(graph).flatMap(id => revisions.get(id) ?? [])
    for (const head of found) this.log(renderRevision(head, graph, this.style.out))
    return found.map(head => revisionDocument(head, graph))
  }
}
