import { relative } from 'node:path'
import { Command, Errors, Flags, type Interfaces } from '@oclif/core'
import type { MigrateListener, MigrateReport } from '../actions/migrate.ts'
import { readSettings, type Settings, type SettingsFlags } from '../settings/settings.ts'
import { exitCodeOf } from './exit-codes.ts'
import { errorDocument, renderError } from './render/error.ts'
import { printableLine } from './render/printable.ts'
import { progressListener } from './render/progress.ts'
import { renderReport } from './render/report.ts'
import { styleFor } from './render/style.ts'
import { statusLine } from './status-line.ts'

type BaseFlags = Partial<Interfaces.InferredFlags<typeof BaseCommand.baseFlags>>

/** What a command's flags say about the settings. */
interface SettingsFromFlags extends BaseFlags, Pick<SettingsFlags, 'url' | 'values'> {
  readonly variable?: readonly (readonly [name: string, value: string])[] | undefined
}

/** What all commands share: the common flags, the settings, and the one place where errors meet the user. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  static override baseFlags = {
    config: Flags.string({
      char: 'c',
      helpValue: 'FILE',
      helpGroup: 'GLOBAL',
      summary: 'The configuration file, instead of the sqlbraid.toml found upwards',
    }),
    env: Flags.string({
      char: 'e',
      helpValue: 'NAME',
      helpGroup: 'GLOBAL',
      summary: 'An environment of the configuration file, [env.NAME]',
    }),
    quiet: Flags.boolean({
      char: 'q',
      helpGroup: 'GLOBAL',
      summary: 'Only the answer and errors, no progress',
    }),
    verbose: Flags.boolean({ helpGroup: 'GLOBAL', summary: 'Say more' }),
  }

  protected readonly style = { out: styleFor(process.stdout), err: styleFor(process.stderr) }
  private isQuiet = false

  /** Paths of revision files are shown as they are seen from the working folder. */
  protected readSettings(flags: SettingsFromFlags): Settings {
    this.isQuiet = flags.quiet ?? false
    const cwd = process.cwd()
    const { env: environment, variable } = flags
    const vars = variable && Object.fromEntries(variable)
    const settings = readSettings({ ...flags, environment, ...(vars && { vars }) }, { cwd, env: process.env })
    return { ...settings, migrations: settings.migrations.map(folder => relative(cwd, folder) || '.') }
  }

  /** Progress and remarks: on stderr, and not at all with `--quiet`. */
  protected say(line: string): void {
    if (!this.isQuiet) process.stderr.write(`${line}\n`)
  }

  /** Says which database is used, and warnings about how to reach it. */
  protected get databaseListener() {
    return {
      onDatabase: (description: string) => this.say(`database: ${printableLine(description)}`),
      onWarning: (warning: string) =>
        this.say(`${this.style.err.yellow('warning:')} ${printableLine(warning)}`),
    }
  }

  /** Shows a run while it goes on, and what it comes to; gives its report. */
  protected async showRun(
    run: (listener: MigrateListener) => Promise<MigrateReport>,
  ): Promise<MigrateReport> {
    const status = statusLine(process.stderr, this.isQuiet)
    try {
      const report = await run({ ...this.databaseListener, ...progressListener(status, this.style.err) })
      status.end()
      this.log(renderReport(report, this.style.out))
      return report
    } finally {
      status.end()
    }
  }

  protected override async catch(error: Error): Promise<void> {
    if (error instanceof Errors.ExitError) throw error
    process.exitCode = exitCodeOf(error)
    if (this.jsonEnabled()) this.logJson(errorDocument(error))
    else process.stderr.write(renderError(error, this.style.err))
  }
}
