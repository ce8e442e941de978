import { Command, Errors, Flags, type Interfaces } from '@oclif/core'
import { readSettings, type Settings } from '../settings/settings.ts'
import { exitCodeOf } from './exit-codes.ts'
import { errorDocument, renderError } from './render/error.ts'
import { styleFor } from './render/style.ts'

type BaseFlags = Interfaces.InferredFlags<typeof BaseCommand.baseFlags>

/** What all commands share: the common flags, the settings, and the one place where errors meet the user. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  static override baseFlags = {
    config: Flags.string({
      char: 'c',
      helpValue: 'FILE',
      helpGroup: 'GLOBAL',
      summary: 'Configuration file [default: sqlbraid.toml, found upwards]',
    }),
    env: Flags.string({
      char: 'e',
      helpValue: 'NAME',
      helpGroup: 'GLOBAL',
      summary: 'Environment of the configuration file: its [env.NAME]',
    }),
    quiet: Flags.boolean({
      char: 'q',
      helpGroup: 'GLOBAL',
      summary: 'No progress, only the answer and errors',
    }),
    verbose: Flags.boolean({ helpGroup: 'GLOBAL', summary: 'Say more' }),
  }

  /** Which progress goes to stderr. */
  protected readonly style = { out: styleFor(process.stdout), err: styleFor(process.stderr) }

  protected readSettings(flags: BaseFlags & { url?: string | undefined }): Settings {
    return readSettings(
      { config: flags.config, environment: flags.env, url: flags.url },
      { cwd: process.cwd(), env: process.env },
    )
  }

  /** Progress and remarks: never on stdout, and not at all with `--quiet`. */
  protected say(line: string): void {
    if (!this.argv.includes('--quiet') && !this.argv.includes('-q')) process.stderr.write(`${line}\n`)
  }

  protected override async catch(error: Error): Promise<void> {
    if (error instanceof Errors.ExitError) throw error
    process.exitCode = exitCodeOf(error)
    if (this.jsonEnabled()) this.logJson(errorDocument(error))
    else process.stderr.write(renderError(error, this.style.err))
  }
}
