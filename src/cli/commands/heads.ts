import * as Flags from '@oclif/core/flags'
import { readHeads, requireAtMost } from '../../actions/read-heads.ts'
import { BaseCommand } from '../base-command.ts'
import { verboseFlag } from '../flags.ts'
import { revisionDocument } from '../render/documents.ts'
import { renderRevisions } from '../render/revision-list.ts'

export class Heads extends BaseCommand {
  static override summary = 'List the heads: the revisions that no other names as parent'
  static override description =
    'A head that another revision depends on is marked as an effective head. With --max the exit code is 7 when there are more heads, for hooks and CI.'
  static override examples = ['<%= config.bin %> heads', '<%= config.bin %> heads --max 1']
  static override flags = {
    max: Flags.integer({ min: 1, helpValue: 'N', summary: 'Fail when there are more heads than this' }),
    verbose: verboseFlag,
  }

  async run() {
    const { flags } = await this.parse(Heads)
    const found = readHeads(this.readSettings(flags))
    await this.logLines(renderRevisions(found.heads, found, flags, this.style.out))
    if (flags.max !== undefined) requireAtMost(flags.max, found)
    return found.heads.map(id => revisionDocument(id, found))
  }
}
