import { SqlbraidError } from './sqlbraid-error.ts'

/** What was typed is no command line of this program. */
export class UsageError extends SqlbraidError {
  readonly code = 'USAGE'
  override readonly suggestions: readonly string[]

  constructor(message: string, suggestions: readonly string[], options?: ErrorOptions) {
    super(message, options)
    this.suggestions = suggestions
  }
}

/** The first word is no command. */
export class UnknownCommandError extends SqlbraidError {
  readonly code = 'UNKNOWN_COMMAND'
  override readonly suggestions: readonly string[]
  readonly command: string

  /** @param nearest the command that was probably meant, if one is near enough. */
  constructor(command: string, nearest: string | undefined) {
    const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`
    super(`There is no command '${command}'.${hint}`)
    this.command = command
    this.suggestions = nearest === undefined ? ['sqlbraid --help'] : [`sqlbraid ${nearest} --help`]
  }
}
