/**
 * An expected failure: something the user, the files or the database did, never a bug of ours.
 * `code` is stable and upper-case (scripts match on it), `message` is one sentence that states the fact,
 * `suggestions` are commands to paste. Subclasses carry the facts as further enumerable fields, which
 * `--json` prints. This folder imports nothing.
 */
export abstract class SqlbraidError extends Error {
  abstract readonly code: string
  readonly suggestions: readonly string[] = []
}

/** Something wrong (or worth knowing) at a place in a file; every reader of files reports in this shape. */
export interface Problem {
  readonly code: string
  /** One sentence, without the place. */
  readonly message: string
  readonly file?: string
  /** 1-based. */
  readonly line?: number
  /** 1-based. */
  readonly column?: number
}
