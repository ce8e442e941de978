import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { importHistory } from '../../actions/import-history.ts'
import { FORMAT_NAMES } from '../../import/formats.ts'
import { BaseCommand } from '../base-command.ts'
import { dryRunFlag, urlFlag } from '../flags.ts'
import { importDocument, renderFinding, renderImport } from '../render/import.ts'

export class Import extends BaseCommand {
  static override summary = 'Write the migrations of another tool as revisions'
  static override description =
    'What the files are is seen from them, or said with --from. With -d (or --adopt, for the configured database) the table in which the tool keeps what it has applied is read, and recorded here, so that upgrade goes on where the tool stopped. Everything is checked before anything is written, and no file is overwritten.'
  static override examples = [
    '<%= config.bin %> import db/migrations --dry-run',
    '<%= config.bin %> import sql --from flyway -d postgres://localhost/shop',
    '<%= config.bin %> import schema.sql',
  ]
  static override args = {
    source: Args.string({ required: true, ignoreStdin: true, description: 'A folder, or a single file' }),
  }
  static override flags = {
    from: Flags.option({ options: FORMAT_NAMES, summary: 'The tool that the files are of' })(),
    adopt: Flags.boolean({ summary: 'Also record what the tool has applied to the configured database' }),
    url: urlFlag,
    table: Flags.string({
      helpValue: 'NAME',
      summary: "The table of the tool's history, perhaps with its schema",
    }),
    force: Flags.boolean({ summary: 'Write also what has no translation, as it is' }),
    'dry-run': dryRunFlag,
  }

  async run() {
    const { args, flags } = await this.parse(Import)
    const { from: format, table, force, 'dry-run': dryRun } = flags
    const adopt = flags.adopt || flags.url !== undefined
    const request = { source: args.source, format, adopt, table, force, dryRun }
    const report = await importHistory(this.readSettings(flags), request, this.databaseListener)
    for (const finding of report.findings) this.say(renderFinding(finding, this.style.err))
    this.log(renderImport(report, dryRun))
    return importDocument(report)
  }
}
