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
  /** @param suggest a command that goes on without a trunk, from a label. */
  constructor(labels: readonly string[], suggest: (label: string) => string) {
    super(`There is no trunk to continue; there are the branches ${labels.join(', ')}.`)
    this.labels = labels
    this.suggestions = [...labels.map(suggest), 'sqlbraid revision --head base …']
  }
  readonly labels: readonly string[]
}

/** The revisions to merge are fewer than two, or one already contains another. */
export class NothingToMergeError extends SqlbraidError {
  readonly code = 'NOTHING_TO_MERGE'
  override readonly suggestions: readonly string[]
  /** @param others the heads that could be merged with what was named. */
  constructor(reason: string, named: readonly string[], others: readonly string[]) {
    super(`There is nothing to merge: ${reason}.`)
    this.named = named
    this.heads = others
    this.suggestions = [
      ...(named.length === 1 ? others.map(other => `sqlbraid merge ${named.join()} ${other}`) : []),
      'sqlbraid heads',
      'sqlbraid history',
    ]
  }
  readonly named: readonly string[]
  readonly heads: readonly string[]
}

/** A rebase onto a revision that contains all of what should move. */
export class NothingToRebaseError extends SqlbraidError {
  readonly code = 'NOTHING_TO_REBASE'
  override readonly suggestions = ['sqlbraid heads', 'sqlbraid history']
  constructor(branch: string, onto: string) {
    super(`There is nothing to rebase: ${onto} contains ${branch} already.`)
    this.branch = branch
    this.onto = onto
  }
  readonly branch: string
  readonly onto: string
}

/** A rebase that would make revisions stand on each other. */
export class RebaseCycleError extends SqlbraidError {
  readonly code = 'REBASE_CYCLE'
  override readonly suggestions = ['sqlbraid heads', 'sqlbraid history']
  /** `reason` is the sentence that shows the cycle. */
  constructor(branch: string, onto: string, reason: string) {
    super(`${branch} cannot be rebased onto ${onto}, which stands on it. ${reason}`)
    this.branch = branch
    this.onto = onto
  }
  readonly branch: string
  readonly onto: string
}

/** A rebase of what a database has applied already, below what it has not. */
export class AppliedOutOfOrderError extends SqlbraidError {
  readonly code = 'APPLIED_OUT_OF_ORDER'
  override readonly suggestions: readonly string[]
  constructor(
    database: string,
    revisions: readonly string[],
    { branch, onto }: { readonly branch: string; readonly onto: string },
  ) {
    super(
      `${database} has applied ${revisions.join(', ')}, but not before it what would then stand below; nothing was rewritten.`,
    )
    this.database = database
    this.revisions = revisions
    this.suggestions = [
      `sqlbraid merge ${branch} ${onto}`,
      `sqlbraid downgrade ${revisions[0]}-1`,
      `sqlbraid rebase ${branch} --onto ${onto} --force`,
    ]
  }
  readonly database: string
  readonly revisions: readonly string[]
}

/** An id or a label for a new revision that is one already. */
export class NameTakenError extends SqlbraidError {
  readonly code = 'NAME_TAKEN'
  override readonly suggestions: readonly string[]
  /** `carrier` is the revision that has the name, as its id or as its label. */
  constructor(name: string, carrier: string) {
    super(
      name === carrier
        ? `There is a revision ${name} already; nothing was written.`
        : `The label ${name} is already carried by revision ${carrier}; nothing was written.`,
    )
    this.taken = name
    this.carrier = carrier
    this.suggestions = [
      `sqlbraid show ${name}`,
      ...(name === carrier ? [] : [`sqlbraid revision --branch ${name} …`]),
    ]
  }
  readonly taken: string
  readonly carrier: string
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
