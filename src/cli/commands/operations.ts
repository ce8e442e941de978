import { listOperations } from '../../actions/list-operations.ts'
import { BaseCommand } from '../base-command.ts'
import { renderOperation } from '../render/operations.ts'

export class Operations extends BaseCommand {
  static override summary = 'List the custom operations, with their arguments and what they do'
  static override description =
    'An operation is a pair of files in operations/. A script sets its arguments with \\set and includes its part with \\ir.'
  static override examples = ['<%= config.bin %> operations', '<%= config.bin %> operations --json']

  async run() {
    const { flags } = await this.parse(Operations)
    const found = listOperations(this.readSettings(flags))
    if (found.length === 0) this.log('There are no operations.')
    for (const operation of found) this.log(renderOperation(operation, this.style.out))
    return found
  }
}
