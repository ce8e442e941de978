import * as Flags from '@oclif/core/flags'
import { readLog } from '../../actions/read-log.ts'
import { BaseCommand } from '../base-command.ts'
import { urlFlag } from '../flags.ts'
import { renderLog } from '../render/log.ts'
import { parseSince } from '../since.ts'

export class Log extends BaseCommand {
  static override summary = 'Show what was done to the database, by whom and when, newest first'
  static override examples = [
    '<%= config.bin %> log',
    '<%= config.bin %> log --run last',
    '<%= config.bin %> log --since 2h --failed',
    '<%= config.bin %> log -n 5 --json',
  ]
  static override flags = {
    run: Flags.string({ helpValue: 'ID|last', summary: 'Only this run, by the beginning of its id' }),
    since: Flags.string({ helpValue: 'TIME', summary: 'Only since so long ago (2h, 3d) or since a date' }),
    failed: Flags.boolean({ summary: 'Only failures' }),
    'max-count': Flags.integer({ char: 'n', helpValue: 'N', min: 1, summary: 'Only the newest N' }),
    url: urlFlag,
  }

  async run() {
    const { flags } = await this.parse(Log)
    const { run, since, failed, 'max-count': limit } = flags
    const request = {
      failedOnly: failed,
      ...(run !== undefined && { run }),
      ...(since !== undefined && { since: parseSince(since, new Date()) }),
      ...(limit !== undefined && { limit }),
    }
    const events = await readLog(this.readSettings(flags), request, this.databaseListener)
    const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY
    this.log(renderLog(events, width, this.style.out))
    return events
  }
}
