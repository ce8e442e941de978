import { relative } from 'node:path'
import { Command } from '@oclif/core/command'
import type { Config } from '@oclif/core/config'
import * as Errors from '@oclif/core/errors'
import * as Flags from '@oclif/core/flags'
import type * as Interfaces from '@oclif/core/interfaces'
import type { MigrateListener, MigrateReport } from '../actions/migrate.ts'
import type { MigrationScript } from '../actions/migration-script.ts'
import type { VerifyListener } from '../actions/verify.ts'
import type { DatabaseListener } from '../database/open-database.ts'
import type { Interruption } from '../database/run-options.ts'
import { UsageError } from '../errors/usage-errors.ts'
import type { Revision } from '../revision/revision.ts'
import { readSettings, type Settings, type SettingsFlags } from '../settings/settings.ts'
import { catchSignals } from './interruption.ts'
import { writtenDocument } from './render/documents.ts'
import { printableLine } from './render/printable.ts'
import type { ProgressOutput } from './render/progress.ts'
import { renderRoundTrip, renderServer } from './render/session.ts'
import { showError } from './show-error.ts'
import { styleFor } from './terminal.ts'
import { type CalledCommand, usageError } from './usage.ts'
import { writeLines, writePieces } from './write-lines.ts'

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
    json: Flags.boolean({ helpGroup: 'GLOBAL', summary: 'Print one JSON document instead of text' }),
    verbose: Flags.boolean({
      helpGroup: 'GLOBAL',
      summary: 'Say more: where settings come from, the server, each round trip',
    }),
  }

  /** As oclif's own, which would load its configuration a second time. */
  static override run<T extends Command>(
    this: new (
      argv: string[],
      config: Config,
    ) => T,
    argv?: string[],
    config?: Interfaces.LoadOptions,
  ): Promise<ReturnType<T['run']>> {
    const command: Command = new this(argv ?? [], config as Config)
    return (command as BaseCommand)._run()
  }

  protected readonly style = { out: styleFor(process.stdout), err: styleFor(process.stderr) }
  private writeLine = (line: string): void => void process.stderr.write(`${line}\n`)
  /** Takes away what stands below the progress, so that a question can stand there. */
  protected clearStatus = (): void => {}
  private isQuiet = false
  /** There is never a second JSON document. */
  private hasAnswered = false
  private isVerbose = false

  /** A reader of the progress that goes away must not end a run half-way; oclif sees to stdout. */
  protected override async init(): Promise<void> {
    await super.init()
    process.stderr.on('error', () => {})
  }

  /** Paths of revision files are shown as they are seen from the working folder. */
  protected readSettings(flags: SettingsFromFlags): Settings {
    this.isQuiet = flags.quiet ?? false
    this.isVerbose = flags.verbose ?? false
    const cwd = process.cwd()
    const { env: environment, variable } = flags
    const vars = variable && Object.fromEntries(variable)
    const settings = readSettings({ ...flags, environment, ...(vars && { vars }) }, { cwd, env: process.env })
    this.detail(`configuration: ${settings.configFile ?? 'no file, the defaults'}`)
    if (settings.url) this.detail(`database url: from ${settings.url.source}`)
    return { ...settings, migrations: settings.migrations.map(folder => relative(cwd, folder) || '.') }
  }

  /** Progress and remarks: on stderr, and not at all with `--quiet`. */
  protected say(line: string): void {
    if (!this.isQuiet) this.writeLine(line)
  }

  /** As `say`, with `--verbose` only. */
  protected detail(line: string): void {
    if (this.isVerbose) this.say(this.style.err.dim(printableLine(line)))
  }

  /** An answer of many lines: on stdout as fast as it is read, and not at all with `--json`. */
  protected async logLines(lines: Iterable<string>): Promise<void> {
    if (!this.jsonEnabled()) await writeLines(process.stdout, lines)
  }

  /** Says which database is used, and warnings about how to reach it. */
  protected get databaseListener(): DatabaseListener {
    return {
      onDatabase: description => this.say(`database: ${printableLine(description)}`),
      onWarning: warning => this.say(`${this.style.err.yellow('warning:')} ${printableLine(warning)}`),
      ...(this.isVerbose && {
        onConnected: server => this.detail(renderServer(server)),
        onRoundTrip: (texts, durationMs) => this.detail(renderRoundTrip(texts, durationMs)),
      }),
      onUnreachable: reason => this.say(`waiting for the database: ${printableLine(reason)}`),
    }
  }

  /** Shows a run while it goes on, and what it comes to, and lets signals end it in order; gives its report. */
  protected async showRun(
    run: (listener: MigrateListener, interruption: Interruption) => Promise<MigrateReport>,
    { finishCurrent = false } = {},
  ): Promise<MigrateReport> {
    // Here and below: only commands that use them pay for loading them.
    const { progressListener, renderInterruption } = await import('./render/progress.ts')
    const { renderReport } = await import('./render/report.ts')
    const onFirst = (signal: string) => this.say(renderInterruption(signal, finishCurrent))
    const signals = catchSignals({ finishCurrent, onFirst })
    try {
      const report = await this.showProgress(output => {
        const progress = output && progressListener(output, this.style.err)
        return run({ ...this.databaseListener, ...progress }, signals)
      })
      this.log(renderReport(report, this.style.out))
      return report
    } finally {
      signals.release()
    }
  }

  /** Shows what is tried in throw-away databases while it goes on. */
  protected async showProof<T>(prove: (listener: VerifyListener) => Promise<T>): Promise<T> {
    const { proofProgress } = await import('./render/progress.ts')
    return this.showProgress(output =>
      prove({ ...this.databaseListener, ...(output && proofProgress(output, this.style.err)) }),
    )
  }

  /** Gives `work` the place for progress, unless the command is to be quiet. */
  private async showProgress<T>(work: (output: ProgressOutput | undefined) => Promise<T>): Promise<T> {
    const { statusLine } = await import('./status-line.ts')
    const status = await statusLine(process.stderr)
    this.writeLine = status.line
    this.clearStatus = () => status.status('')
    try {
      return await work(this.isQuiet ? undefined : status)
    } finally {
      status.end()
    }
  }

  /** Says which files were written, and opens them in the editor when `editing` names its settings. */
  protected async showWritten(revision: Revision, editing?: Pick<Settings, 'env'>) {
    const document = writtenDocument(revision)
    this.log(document.files.map(file => `wrote ${file}`).join('\n'))
    if (editing) {
      const { openInEditor } = await import('../actions/open-in-editor.ts')
      await openInEditor(document.files, editing.env)
    }
    return document
  }

  /** Prints a script for psql, and nothing else; gives it with its plan. */
  protected async showScript(
    write: (listener: DatabaseListener) => Promise<MigrationScript>,
  ): Promise<MigrationScript> {
    const script = await write(this.databaseListener)
    if (script.gaps === undefined) this.log(script.sql.trimEnd())
    else await this.writeLargeScript(script)
    return script
  }

  private async writeLargeScript(script: MigrationScript): Promise<void> {
    if (this.jsonEnabled())
      throw new UsageError('The data in this script are too large for a JSON document.', ['Leave out --json'])
    const { piecesOfScript } = await import('../actions/migration-script.ts')
    await writePieces(process.stdout, piecesOfScript(script))
  }

  override logJson(document: unknown): void {
    this.hasAnswered = true
    super.logJson(document)
  }

  protected override async catch(error: Error): Promise<void> {
    if (error instanceof Errors.ExitError) throw error
    const isUsage = error instanceof Errors.CLIError
    showError(isUsage ? usageError(error, this.called) : error, {
      asJson: this.jsonEnabled() && !this.hasAnswered,
    })
  }

  private get called(): CalledCommand {
    const { baseFlags, flags } = this.ctor
    return { id: this.id ?? '', flags: Object.keys({ ...baseFlags, ...flags }) }
  }
}
