import { SqlbraidError } from './sqlbraid-error.ts'

/** What was typed is not a target at all. */
export class BadTargetError extends SqlbraidError {
  readonly code = 'BAD_TARGET'
  readonly target: string
  override readonly suggestions: readonly string[]

  /** @param fault what is wrong with it, as the end of a sentence that begins with the target. */
  constructor(target: string, fault: string, suggestions: readonly string[]) {
    super(`The target '${target}' ${fault}.`)
    this.target = target
    this.suggestions = suggestions
  }
}

/** No revision and no label has this name, or begins with it. */
export class UnknownTargetError extends SqlbraidError {
  readonly code = 'UNKNOWN_TARGET'
  readonly target: string
  override readonly suggestions: readonly string[]

  constructor(target: string, nearest: string | undefined, suggestions: readonly string[]) {
    const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`
    super(`No revision or label is called '${target}', or begins with it.${hint}`)
    this.target = target
    this.suggestions = suggestions
  }
}

/** Several ids or labels begin with what was typed. */
export class AmbiguousIdError extends SqlbraidError {
  readonly code = 'AMBIGUOUS_ID'
  readonly target: string
  readonly candidates: readonly string[]
  override readonly suggestions: readonly string[]

  constructor(target: string, candidates: readonly string[], suggestions: readonly string[]) {
    super(`'${target}' is the beginning of ${candidates.length} names: ${candidates.join(', ')}.`)
    this.target = target
    this.candidates = candidates
    this.suggestions = suggestions
  }
}

/** One head was meant, and there are several. */
export class MultipleHeadsError extends SqlbraidError {
  readonly code = 'MULTIPLE_HEADS'
  readonly heads: readonly string[]
  override readonly suggestions: readonly string[]

  /** @param owner what has the heads, as the beginning of a sentence. */
  constructor(owner: string, heads: readonly string[], suggestions: readonly string[]) {
    super(`${owner} has ${heads.length} heads: ${heads.join(', ')}.`)
    this.heads = heads
    this.suggestions = suggestions
  }
}

/** There are more heads than a check allows. */
export class TooManyHeadsError extends SqlbraidError {
  readonly code = 'TOO_MANY_HEADS'
  readonly heads: readonly string[]
  readonly most: number
  override readonly suggestions: readonly string[]

  constructor(heads: readonly string[], most: number, suggestions: readonly string[]) {
    super(`The history has ${heads.length} heads, where ${most} at most may be: ${heads.join(', ')}.`)
    this.heads = heads
    this.most = most
    this.suggestions = suggestions
  }
}

/** One revision was meant, and the target could be any of several. */
export class AmbiguousTargetError extends SqlbraidError {
  readonly code = 'AMBIGUOUS_TARGET'
  readonly target: string
  readonly candidates: readonly string[]
  override readonly suggestions: readonly string[]

  /** @param choice what there are several of, with a verb: `could start from the applied heads`. */
  constructor(target: string, choice: string, candidates: readonly string[], suggestions: readonly string[]) {
    super(`The target '${target}' ${choice} ${candidates.join(', ')}.`)
    this.target = target
    this.candidates = candidates
    this.suggestions = suggestions
  }
}

/** A revision was asked for within a lineage that it is not in. */
export class NotInLineageError extends SqlbraidError {
  readonly code = 'NOT_IN_LINEAGE'
  readonly revisions: readonly string[]
  readonly lineage: string
  override readonly suggestions: readonly string[]

  constructor(revisions: readonly string[], lineage: string, suggestions: readonly string[]) {
    super(`${revisions.join(', ')} is neither an ancestor nor a descendant of ${lineage}.`)
    this.revisions = revisions
    this.lineage = lineage
    this.suggestions = suggestions
  }
}

/** A range whose lower end is not an ancestor of its upper end. */
export class BrokenRangeError extends SqlbraidError {
  readonly code = 'NOT_IN_LINEAGE'
  readonly range: string
  override readonly suggestions: readonly string[]

  constructor(range: string, lower: string, upper: string, suggestions: readonly string[]) {
    super(`The range '${range}' joins nothing: ${lower} is not an ancestor of ${upper}.`)
    this.range = range
    this.suggestions = suggestions
  }
}

/** A relative target counts past the last revision. */
export class WalkedTooFarError extends SqlbraidError {
  readonly code = 'WALKED_TOO_FAR'
  readonly target: string
  /** How many revisions there were to count. */
  readonly available: number
  override readonly suggestions: readonly string[]

  constructor(target: string, available: number, suggestions: readonly string[]) {
    super(
      `The target '${target}' walks too far: there ${available === 1 ? 'is 1 revision' : `are ${available} revisions`} that way.`,
    )
    this.target = target
    this.available = available
    this.suggestions = suggestions
  }
}

/** A downgrade to a revision that the database does not have. */
export class NotAppliedError extends SqlbraidError {
  readonly code = 'NOT_APPLIED'
  readonly revisions: readonly string[]
  override readonly suggestions: readonly string[]

  constructor(revisions: readonly string[]) {
    super(
      `Nothing to go down from: ${revisions.join(', ')} is not applied, and neither is anything above it.`,
    )
    this.revisions = revisions
    this.suggestions = ['sqlbraid current', `sqlbraid upgrade ${revisions.join(' ')}`]
  }
}

/** What is asked for can only be done to an applied revision. */
export class RevisionNotAppliedError extends SqlbraidError {
  readonly code = 'NOT_APPLIED'
  readonly revisions: readonly string[]
  override readonly suggestions: readonly string[]

  constructor(revision: string) {
    super(`Revision ${revision} is not applied.`)
    this.revisions = [revision]
    this.suggestions = ['sqlbraid status', `sqlbraid upgrade ${revision}`]
  }
}

/** A target that counts from the applied set, in a command that reads no database. */
export class TargetNeedsDatabaseError extends SqlbraidError {
  readonly code = 'TARGET_NEEDS_DATABASE'
  readonly target: string
  override readonly suggestions = ['sqlbraid heads', 'sqlbraid history']

  constructor(target: string) {
    super(`The target '${target}' counts from what a database has applied, and no database is read here.`)
    this.target = target
  }
}
