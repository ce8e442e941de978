/** The id of a revision, checked by `isIdentifier`; a plain string at run time. */
export type RevisionId = string & { readonly __brand: 'RevisionId' }

/** `off`: the script's statements run one by one, outside a transaction. */
export type TransactionMode = 'on' | 'off'

/** The paths of a revision's parts, relative to the working folder or absolute, as they were found. */
export interface RevisionParts {
  readonly up: string
  readonly down?: string
  readonly verify?: string
}

/** One revision, as the headers of its files say it. */
export interface Revision {
  readonly id: RevisionId
  /** In the order of the header; empty for a base. */
  readonly parents: readonly RevisionId[]
  readonly labels: readonly string[]
  /** Ids or labels of revisions that must be applied first, without being ancestors. */
  readonly depends: readonly string[]
  readonly message: string
  /** As written (`yyyy-mm-ddThh:mm:ssZ`), empty when the header has none; compared as text. */
  readonly created: string
  readonly author?: string
  readonly replaces: readonly RevisionId[]
  /** Why there is no down script. */
  readonly irreversible?: string
  /** Why it is right that data go. */
  readonly destructive?: string
  readonly parts: RevisionParts
}

const IDENTIFIER = /^[A-Za-z0-9_.]{1,64}$/
const RESERVED = /^(?:heads?|base|current|none)$/i

/** Whether `text` may be an id or a label: letters, digits, `_` and `.`, at most 64, and not a reserved word. */
export function isIdentifier(text: string): text is RevisionId {
  return IDENTIFIER.test(text) && !RESERVED.test(text)
}
