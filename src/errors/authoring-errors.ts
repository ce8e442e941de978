import { SqlbraidError } from './sqlbraid-error.ts'

/** A new revision was asked for on top of one that has children already. */
export class NotAHeadError extends SqlbraidError {
  readonly code = 'NOT_A_HEAD'
  override readonly suggestions: readonly string[]
  constructor(revision: string, children: readonly string[]) {
    super(
      `Revision ${revision} is not a head: ${children.join(', ')} ${children.length === 1 ? 'follows' : 'follow'} it.`,
    )
    this.revision = revision
    this.children = children
    this.suggestions = [
      `sqlbraid revision --head ${revision} --splice …`,
      `sqlbraid branch NAME --from ${revision}`,
    ]
  }
  readonly revision: string
  readonly children: readonly string[]
}

/** Every revision is on a labelled branch, so there is no trunk to continue. */
export class NoTrunkError extends SqlbraidError {
  readonly code = 'NO_TRUNK'
  override readonly suggestions: readonly string[]
  constructor(labels: readonly string[]) {
    super(`There is no trunk to continue; there are the branches ${labels.join(', ')}.`)
    this.labels = labels
    this.suggestions = [
      ...labels.map(label => `sqlbraid revision --branch ${label} …`),
      'sqlbraid revision --head base …',
    ]
  }
  readonly labels: readonly string[]
}

/** The revisions to merge are fewer than two, or one already contains another. */
export class NothingToMergeError extends SqlbraidError {
  readonly code = 'NOTHING_TO_MERGE'
  override readonly suggestions = ['sqlbraid heads', 'sqlbraid history']
  constructor(reason: string) {
    super(`There is nothing to merge: ${reason}.`)
  }
}

/** A folder was named for new files that no command would read them from. */
export class UnknownFolderError extends SqlbraidError {
  readonly code = 'UNKNOWN_FOLDER'
  constructor(folder: string, known: readonly string[]) {
    super(`Revisions are not read from ${folder}, but from ${known.join(', ')}.`)
    this.folder = folder
    this.suggestions = known.map(name => `sqlbraid revision --path ${name} …`)
  }
  override readonly suggestions: readonly string[]
  readonly folder: string
}

/** `init` found a file it would have to overwrite. */
export class AlreadyInitializedError extends SqlbraidError {
  readonly code = 'ALREADY_INITIALIZED'
  override readonly suggestions = ['sqlbraid status', 'sqlbraid doctor']
  constructor(file: string) {
    super(`${file} is there already; nothing was written.`)
    this.file = file
  }
  readonly file: string
}

/** The editor could not be started, or ended badly. */
export class EditorFailedError extends SqlbraidError {
  readonly code = 'EDITOR_FAILED'
  override readonly suggestions = ['EDITOR=nano sqlbraid edit …']
  constructor(editor: string, reason: string, options?: ErrorOptions) {
    super(`The editor "${editor}" failed: ${reason}.`, options)
    this.editor = editor
  }
  readonly editor: string
}
