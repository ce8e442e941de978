import * as Flags from '@oclif/core/flags'
import { readView } from '../../actions/read-view.ts'
import { BaseCommand } from '../base-command.ts'
import { standingFlags, wantsStandings } from '../flags.ts'
import { graphDocument, renderDot, renderMermaid } from '../render/graph-formats.ts'

const FORMATS = {
  dot: renderDot,
  mermaid: renderMermaid,
  json: (view: Parameters<typeof graphDocument>[0]) => JSON.stringify(graphDocument(view), undefined, 2),
}

export class Graph extends BaseCommand {
  static override summary = 'Print the graph for other programs to draw'
  static override description =
    'Edges run from parent to child; dependencies are dashed. With -d or -i the colours say where the database stands.'
  static override examples = [
    '<%= config.bin %> graph | dot -Tsvg > history.svg',
    '<%= config.bin %> graph --format mermaid',
  ]
  static override flags = {
    format: Flags.option({
      options: ['dot', 'mermaid', 'json'] as const,
      default: 'dot',
      summary: 'For Graphviz, for Mermaid, or for scripts; --json is the last',
    })(),
    ...standingFlags,
  }

  async run() {
    const { flags } = await this.parse(Graph)
    const request = { withStandings: wantsStandings(flags) }
    const view = await readView(this.readSettings(flags), request, this.databaseListener)
    if (this.jsonEnabled()) return graphDocument(view)
    await this.logLines([FORMATS[flags.format](view)])
    return undefined
  }
}
