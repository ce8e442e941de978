import { type Problem, SqlbraidError } from './sqlbraid-error.ts'

/** The settings (file, environment or flags) hold mistakes; `problems` has all of them, each with its place. */
export class InvalidSettingsError extends SqlbraidError {
  readonly code = 'INVALID_SETTINGS'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(sentence(problems), options)
    this.problems = problems
  }
}

/** The file that `--config` names cannot be read. */
export class ConfigFileNotFoundError extends SqlbraidError {
  readonly code = 'CONFIG_NOT_FOUND'
  override readonly suggestions = ['sqlbraid init']
  readonly file: string

  constructor(file: string, options?: ErrorOptions) {
    super(`The configuration file ${file} cannot be read.`, options)
    this.file = file
  }
}

/** `--env` or SQLBRAID_ENV names an environment that the file does not have. */
export class UnknownEnvironmentError extends SqlbraidError {
  readonly code = 'UNKNOWN_ENVIRONMENT'
  override readonly suggestions: readonly string[]
  readonly environment: string
  readonly known: readonly string[]

  constructor(environment: string, known: readonly string[], file: string | undefined) {
    const place = file ?? 'the settings, as there is no sqlbraid.toml'
    const there = known.length === 0 ? 'none is defined' : `known are ${known.join(', ')}`
    super(`There is no environment "${environment}" in ${place}: ${there}.`)
    this.environment = environment
    this.known = known
    this.suggestions = known.map(name => `sqlbraid status --env ${name}`)
  }
}

/** A setting that is needed now reads environment variables that are not set. */
export class UnsetVariableError extends SqlbraidError {
  readonly code = 'UNSET_VARIABLE'
  readonly setting: string
  readonly variables: readonly string[]

  constructor(setting: string, variables: readonly string[]) {
    const noun = variables.length === 1 ? 'the environment variable' : 'the environment variables'
    const verb = variables.length === 1 ? 'which is not set' : 'which are not set'
    super(`${setting} needs ${noun} ${variables.join(', ')}, ${verb}.`)
    this.setting = setting
    this.variables = variables
  }
}

/** Nothing says which database is meant. */
export class DatabaseNotConfiguredError extends SqlbraidError {
  readonly code = 'DATABASE_NOT_CONFIGURED'
  override readonly suggestions = [
    'sqlbraid status --url postgres://user@host/database',
    'export SQLBRAID_URL=postgres://user@host/database',
    'sqlbraid status --env NAME   # with url = "…" under [env.NAME] in sqlbraid.toml',
    'export DATABASE_URL=postgres://user@host/database',
    'echo \'url = "embedded:"\' >> sqlbraid.toml   # a private server for trying things out',
    'export PGHOST=host PGDATABASE=database PGUSER=user   # or PGSERVICE=name',
  ]

  constructor() {
    super(
      'No database is configured: give --url, SQLBRAID_URL, the url of an environment named by --env, ' +
        'DATABASE_URL, url in sqlbraid.toml, or PGHOST and its like.',
    )
  }
}

function sentence(problems: readonly Problem[]): string {
  const [first] = problems
  if (first !== undefined && problems.length === 1) return located(first)
  return [`The settings have ${problems.length} problems:`, ...problems.map(located)].join('\n')
}

function located({ file, line, column, message }: Problem): string {
  const place = [file, line, column].filter(part => part !== undefined).join(':')
  return place === '' ? message : `${place}: ${message}`
}
