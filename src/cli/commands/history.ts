import * as Flags from '@oclif/core/flags'
import { readHistoryRange } from '../../actions/read-history-range.ts'
import { BaseCommand } from '../base-command.ts'
import { standingFlags, verboseFlag, wantsStandings } from '../flags.ts'
import { isUtf8Locale } from '../locale.ts'
import { revisionDocument } from '../render/documents.ts'
import { ASCII, BOX, renderHistoryGraph } from '../render/history-graph.ts'
import { renderHistory } from '../render/revision-list.ts'

export class History extends BaseCommand {
  static override summary = 'List the revisions, newest first'
  static override description =
    'A range is two targets with a colon between them; each may be left out. A database is read with -d or -i, or when the range names "current" or counts from it, and never otherwise. The drawing keeps to ASCII unless LC_ALL, LC_CTYPE or LANG says UTF-8.'
  static override examples = [
    '<%= config.bin %> history',
    '<%= config.bin %> history --graph -i',
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
    'max-count': Flags.integer({ char: 'n', min: 0, helpValue: 'N', summary: 'Only the newest N of them' }),
    graph: Flags.boolean({ summary: 'Draw the branches and merges beside the revisions' }),
    verbose: verboseFlag,
    ...standingFlags,
  }

  async run() {
    const { flags } = await this.parse(History)
    const view = await readHistoryRange(
      this.readSettings(flags),
      { range: flags.range, withStandings: wantsStandings(flags) },
      this.databaseListener,
    )
    const { 'max-count': maxCount, verbose } = flags
    const alphabet = isUtf8Locale(process.env) ? BOX : ASCII
    const options = { maxCount, verbose, alphabet }
    await this.logLines(
      flags.graph
        ? renderHistoryGraph(view, options, this.style.out)
        : renderHistory(view, options, this.style.out),
    )
    return this.jsonEnabled() ? view.range.slice(0, maxCount).map(id => revisionDocument(id, view)) : []
  }
}
