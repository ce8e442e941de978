import { Flags } from '@oclif/core'
import { readHistoryRange } from '../../actions/read-history-range.ts'
import { BaseCommand } from '../base-command.ts'
import { urlFlag } from '../flags.ts'
import { revisionDocument } from '../render/documents.ts'
import { renderStepOfHistory } from '../render/revisions.ts'

export class History extends BaseCommand {
  static override summary = 'List the revisions, newest first'
  static override description =
    'A range is two targets with a colon between them; each may be left out. Only a range that names "current", or counts from it, reads a database.'
  static override examples = [
    '<%= config.bin %> history',
    '<%= config.bin %> history -r 4f1c2ab39d07:head',
    '<%= config.bin %> history -r -3:current',
  ]
  static override flags = {
    range: Flags.string({
      char: 'r',
      helpValue: 'A:B',
      summary: 'Only the revisions from A to B',
      default: ':',
    }),
    url: urlFlag,
  }

  async run() {
    const { flags } = await this.parse(History)
    const { graph, revisions, range } = await readHistoryRange(
      this.readSettings(flags),
      flags.range,
      this.databaseListener,
    )
    const found = range.flatMap(id => revisions.get(id) ?? [])
    for (const revision of found) this.log(renderStepOfHistory(revision, graph, this.style.out))
    return found.map(revision => revisionDocument(revision, graph))
  }
}
