import { SqlbraidError } from './sqlbraid-error.ts'

/** The folders of the settings hold no revision at all. */
export class NoRevisionsError extends SqlbraidError {
  readonly code = 'NO_REVISIONS'
  override readonly suggestions = ['sqlbraid revision -m "what it does"']
  constructor(folders: readonly string[]) {
    super(`There are no revision files in ${folders.join(', ')}.`)
    this.folders = folders
  }
  readonly folders: readonly string[]
}

/** Applied revisions whose up script is no longer what was applied. */
export class ChangedRevisionsError extends SqlbraidError {
  readonly code = 'CHANGED_REVISIONS'
  override readonly suggestions: readonly string[]
  constructor(revisions: readonly { readonly id: string; readonly file: string }[]) {
    const list = revisions.map(({ id, file }) => `${id} (${file})`).join(', ')
    super(`Applied revisions were changed in their files since: ${list}.`)
    this.revisions = revisions
    const id = revisions.at(-1)?.id ?? '…' // nothing changed stands on the last
    this.suggestions = [
      'sqlbraid status --verbose',
      `git checkout -- ${revisions.map(({ file }) => `'${file}'`).join(' ')}`,
      `sqlbraid reapply ${id}`,
      `sqlbraid accept ${id}`,
      'sqlbraid upgrade --ignore-changed …',
    ]
  }
  readonly revisions: readonly { readonly id: string; readonly file: string }[]
}

/** Applied revisions that have no file in this checkout. */
export class UnknownRevisionsError extends SqlbraidError {
  readonly code = 'UNKNOWN_REVISIONS'
  override readonly suggestions = [
    'sqlbraid sync --dry-run',
    'Check out the branch that has their files',
    'sqlbraid upgrade --ignore-unknown …',
  ]
  constructor(revisions: readonly string[]) {
    super(`The database has revisions that have no file here: ${revisions.join(', ')}.`)
    this.revisions = revisions
  }
  readonly revisions: readonly string[]
}

/** A revision to revert that has no down script. */
export interface WithoutDown {
  readonly id: string
  /** Why there is none, where its header says so. */
  readonly irreversible?: string
  /** Its files, where they are here; one with a `down` is not what the database has kept. */
  readonly parts?: { readonly up: string; readonly down?: string }
}

/** Revisions to revert that have no down script. */
export class MissingDownError extends SqlbraidError {
  readonly code = 'MISSING_DOWN'
  override readonly suggestions: readonly string[]
  constructor(revisions: readonly WithoutDown[]) {
    const list = revisions.map(({ id, irreversible }) =>
      irreversible === undefined ? id : `${id} (irreversible: ${irreversible})`,
    )
    super(`These revisions cannot be reverted, they have no down script: ${list.join(', ')}.`)
    this.revisions = revisions.map(({ id }) => id)
    this.suggestions = revisions.filter(({ irreversible }) => irreversible === undefined).map(wayToDown)
  }
  readonly revisions: readonly string[]
}

/** Revisions to revert with down scripts that the ledger has kept without the data of their COPYs, which are too large. */
export class DataNotKeptError extends SqlbraidError {
  readonly code = 'DATA_NOT_KEPT'
  override readonly suggestions: readonly string[]
  constructor(revisions: readonly { readonly id: string; readonly file?: string | undefined }[]) {
    const list = revisions.map(({ id }) => id).join(', ')
    super(
      `These revisions cannot be reverted as the database has kept them, data that their down scripts copy were too large: ${list}.`,
    )
    this.revisions = revisions.map(({ id }) => id)
    this.suggestions = revisions.map(({ id, file }) =>
      file === undefined
        ? `Where the files of ${id} are: sqlbraid downgrade ${id}-1`
        : `sqlbraid downgrade ${id}-1   # runs ${file}`,
    )
  }
  readonly revisions: readonly string[]
}

function wayToDown({ id, parts }: WithoutDown): string {
  if (parts === undefined) return `Where its files are, write a down script, then: sqlbraid accept ${id}`
  if (parts.down === undefined) return `Write ${parts.up.replace(/\.up\.sql$/i, '.down.sql')}`
  return `sqlbraid accept ${id}`
}

/** What to do once a half-way revision was mended by hand. */
export function resolutionOf(revision: string): string {
  return `sqlbraid resolve ${revision} --applied   # or --not-applied, once it is mended by hand`
}

/** A revision with `transaction: off` stopped half-way, and what was asked for would not finish it. */
export class UnfinishedRevisionError extends SqlbraidError {
  readonly code = 'UNFINISHED_REVISION'
  override readonly suggestions: readonly string[]
  constructor(revision: string, direction: 'up' | 'down', statementsDone: number) {
    super(
      `Revision ${revision} stopped half-way going ${direction}, after ${statementsDone} statements; it must be finished first.`,
    )
    this.revision = revision
    this.suggestions = [
      direction === 'up' ? `sqlbraid upgrade ${revision}` : `sqlbraid downgrade ${revision}-1`,
      resolutionOf(revision),
    ]
  }
  readonly revision: string
}

/** What was to be resolved did not stop half-way. */
export class NotUnfinishedError extends SqlbraidError {
  readonly code = 'NOT_UNFINISHED'
  override readonly suggestions = ['sqlbraid status']
  constructor(name: string, unfinished: readonly string[]) {
    const those = unfinished.length === 0 ? 'none did' : `these did: ${unfinished.join(', ')}`
    super(`"${name}" names no single revision that stopped half-way; ${those}.`)
    this.unfinished = unfinished
  }
  readonly unfinished: readonly string[]
}

/** The server takes no changes. */
export class ReadOnlyDatabaseError extends SqlbraidError {
  readonly code = 'READ_ONLY_DATABASE'
  override readonly suggestions = [
    'Name the primary server, or add target_session_attrs=read-write to the URL',
  ]
  constructor(description: string, isStandby: boolean) {
    super(`${description} is ${isStandby ? 'a standby' : 'read-only'}: nothing can be changed there.`)
  }
}

/** `--transaction all` cannot hold what must run outside a transaction. */
export class NotInOneTransactionError extends SqlbraidError {
  readonly code = 'NOT_IN_ONE_TRANSACTION'
  override readonly suggestions = ['sqlbraid upgrade --transaction each …']
  constructor(revisions: readonly string[]) {
    super(`One transaction for all is not possible: ${revisions.join(', ')} must run outside a transaction.`)
    this.revisions = revisions
  }
  readonly revisions: readonly string[]
}

/** The one who was asked said no. */
export class PlanDeclinedError extends SqlbraidError {
  readonly code = 'PLAN_DECLINED'
  constructor() {
    super('Nothing was changed: the plan was declined.')
  }
}

/** Since a plan was approved, another run has changed the database, and the plan with it. */
export class PlanOutdatedError extends SqlbraidError {
  readonly code = 'PLAN_OUTDATED'
  constructor() {
    super('Nothing was changed: another run has changed the database since the plan was shown.')
  }
}
