import { readState } from '../../actions/read-state.ts'
import { BaseCommand } from '../base-command.ts'
import { urlFlag } from '../flags.ts'
import { currentDocument } from '../render/documents.ts'
import { renderCurrent } from '../render/state.ts'

export class Current extends BaseCommand {
  static override summary = 'Show where the database stands: the heads of what is applied'
  static override examples = ['<%= config.bin %> current', '<%= config.bin %> current --json']
  static override flags = { url: urlFlag }

  async run() {
    const { flags } = await this.parse(Current)
    const state = await readState(this.readSettings(flags), this.databaseListener)
    this.log(renderCurrent(state, this.style.out))
    return currentDocument(state)
  }
}
