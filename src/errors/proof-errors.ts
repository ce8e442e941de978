import type { RevisionFailedError } from './run-errors.ts'
import { SqlbraidError } from './sqlbraid-error.ts'

/** The optional package that reads and compares catalogs is not installed. */
export class ComparePackageMissingError extends SqlbraidError {
  readonly code = 'COMPARE_PACKAGE_MISSING'
  override readonly suggestions: readonly string[]
  readonly packageName: string

  constructor(packageName: string, version: string, options?: ErrorOptions) {
    super(
      `Comparing schemas needs the optional package ${packageName}, which is not installed (or not whole).`,
      options,
    )
    this.packageName = packageName
    this.suggestions = [`npm install ${packageName}@${version}`]
  }
}

/** A merge cannot be proved here, for there is no server to try it on; nothing was written. */
export class ProofUnavailableError extends SqlbraidError {
  readonly code = 'PROOF_UNAVAILABLE'
  override readonly suggestions: readonly string[]

  constructor(cause: SqlbraidError, withoutProof: string) {
    super(`The merge was not written, for it cannot be proved here: ${cause.message}`, { cause })
    this.suggestions = [
      ...cause.suggestions,
      `or name a server for throw-away databases in sqlbraid.toml: scratch = { url = "postgres://…" }`,
      `or merge without the proof: ${withoutProof}`,
    ]
  }
}

/** One object that two schemas do not agree on. */
export interface SchemaChange {
  /** Such as `column public.invoice.amount`. */
  readonly object: string
  readonly what: string
}

/** Why two heads cannot be joined as they are. */
export interface Conflict {
  readonly heads: readonly [string, string]
  /** Which order of the two was tried: the second after the first. */
  readonly order: readonly [string, string]
  /** What failed in that order; without it, both orders work and end in different schemas. */
  readonly failure?: Failure
  /** What the two orders' schemas do not agree on. */
  readonly changes: readonly SchemaChange[]
  /** What would make this order's schema the other one's. */
  readonly sql: string
}

/** A revision whose script fails where it was tried. */
export interface Failure {
  readonly revision: string
  readonly message: string
  readonly file?: string
  readonly line?: number
  readonly excerpt?: string
}

/** The statement that failed, and why; without the state of a throw-away database, which is of no interest. */
export function failureOf({ revision, failure, cause, message }: RevisionFailedError): Failure {
  const reason = failure.server?.message ?? (cause instanceof Error ? cause.message : message)
  if (failure.place === undefined) return { revision, message: reason }
  const { file, line, excerpt } = failure.place
  return { revision, message: reason, file, line, excerpt }
}

/** Heads that were to be joined do not commute; nothing was written. */
export class ConflictingBranchesError extends SqlbraidError {
  readonly code = 'CONFLICTING_BRANCHES'
  override readonly suggestions: readonly string[]
  readonly conflicts: readonly Conflict[]

  constructor(conflicts: readonly Conflict[], withoutProof: string) {
    const pairs = new Set(conflicts.map(({ heads }) => [...heads].sort().join(' and ')))
    super(`Nothing was written, for these branches conflict: ${[...pairs].join(', ')}.`)
    this.conflicts = conflicts
    const [later = '', earlier = ''] = conflicts[0]?.order ?? []
    this.suggestions = [
      `say that one comes after the other: "-- depends: ${earlier}" in the header of the first revision of ${later}'s branch`,
      `or move it on top of the other, and mend it there: sqlbraid rebase ${later} --onto ${earlier}`,
      `or mend the difference in the merge revision itself: ${withoutProof}, write its up script, then sqlbraid verify REVISION`,
    ]
  }
}

/** A conflict in one line, that stands alone. */
export function describeConflict({ heads, order, failure }: Conflict): string {
  const [first, second] = order
  return failure
    ? `${second} cannot be applied after ${first}: revision ${failure.revision}: ${failure.message}`
    : `${heads.join(' and ')} end in different schemas when their order changes`
}

/** No script can be generated that turns one schema into another; nothing was written. */
export class ChangeNotGeneratedError extends SqlbraidError {
  readonly code = 'CHANGE_NOT_GENERATED'
  override readonly suggestions: readonly string[]
  readonly statement: string | undefined
  readonly changes: readonly SchemaChange[]

  constructor(
    reason: string,
    { statement, changes = [], possibleRenames = [] }: Ungenerated,
    options?: ErrorOptions,
  ) {
    super(`Nothing was written, for the change cannot be generated: ${reason}.`, options)
    this.statement = statement
    this.changes = changes
    this.suggestions = possibleRenames.map(renamingInstead)
  }
}

/** What is known of a change that was not generated. */
interface Ungenerated {
  readonly statement?: string
  readonly changes?: readonly SchemaChange[]
  readonly possibleRenames?: readonly { readonly from: string; readonly to: string }[]
}

function renamingInstead({ from, to }: { readonly from: string; readonly to: string }): string {
  return `sqlbraid revision --autogenerate --rename ${from}:${to} …`
}

/** Generated scripts do not do what they should when they are tried; nothing was written. */
export class GeneratedNotProvedError extends SqlbraidError {
  readonly code = 'GENERATED_NOT_PROVED'
  readonly revision: string
  readonly outcome: string
  readonly changes: readonly SchemaChange[]

  constructor(revision: string, outcome: string, changes: readonly SchemaChange[], failure?: Failure) {
    const objects = changes.map(({ object, what }) => `${object} ${what}`)
    const why = [...(failure ? [failure.message] : []), ...objects].join('; ')
    super(`Nothing was written, for what was generated for ${revision} is not proved: ${outcome} (${why}).`)
    this.revision = revision
    this.outcome = outcome
    this.changes = changes
  }
}

/** A revision for which a down script was to be generated has one. */
export class DownExistsError extends SqlbraidError {
  readonly code = 'DOWN_EXISTS'
  override readonly suggestions: readonly string[]
  readonly revision: string
  readonly file: string

  constructor(revision: string, file: string) {
    super(`Revision ${revision} has a down script already: ${file}.`)
    this.revision = revision
    this.file = file
    this.suggestions = [`sqlbraid verify ${revision}`]
  }
}

/** What a revision does cannot be undone by a change of the schema. */
export class NothingToUndoError extends SqlbraidError {
  readonly code = 'NOTHING_TO_UNDO'
  readonly revision: string

  constructor(revision: string, reason: string) {
    super(`No down script was written for ${revision}, for ${reason}.`)
    this.revision = revision
  }
}

/** What was to be renamed is not there, or cannot be renamed. */
export class UnknownRenameError extends SqlbraidError {
  readonly code = 'UNKNOWN_RENAME'
  readonly from: string

  constructor(from: string, to: string) {
    super(`${from} cannot be renamed to ${to}, for nothing of that name stands in the schema.`)
    this.from = from
  }
}

/** A generated change would lose data; nothing was written. */
export class DestructiveChangeError extends SqlbraidError {
  readonly code = 'DESTRUCTIVE_CHANGE'
  override readonly suggestions: readonly string[]
  readonly lost: readonly string[]

  constructor(lost: readonly string[], possibleRenames: readonly { from: string; to: string }[]) {
    super(`Nothing was written, for the change would lose the data of ${lost.join(', ')}.`)
    this.lost = lost
    this.suggestions = [
      ...possibleRenames.map(renamingInstead),
      'sqlbraid revision --autogenerate --allow-destructive …',
    ]
  }
}

/** Nothing says what the schema should become. */
export class NoDesiredSchemaError extends SqlbraidError {
  readonly code = 'NO_DESIRED_SCHEMA'
  override readonly suggestions = [
    'schema = "schema.sql" in sqlbraid.toml',
    'sqlbraid revision --autogenerate --from-database postgres://… …',
  ]

  constructor() {
    super('Nothing says what the schema should become: the setting schema is missing.')
  }
}

/** The files of the desired schema cannot be run in an empty database. */
export class DesiredSchemaFailedError extends SqlbraidError {
  readonly code = 'DESIRED_SCHEMA_FAILED'
  readonly failure: Failure

  constructor(failure: Failure, options?: ErrorOptions) {
    const { file, line, message, excerpt } = failure
    const place = file === undefined ? '' : ` at ${file}:${line}`
    super(`The desired schema cannot be made${place}: ${message}${excerpt ? `\n${excerpt}` : ''}`, options)
    this.failure = failure
  }
}
