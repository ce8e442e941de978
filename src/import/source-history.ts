import type { Finding } from './finding.ts'

/** SQL of another tool, whole or a section of a file. */
export interface SourceScript {
  readonly file: string
  readonly text: string
  /** The line of the file on which `text` starts, 1-based; absent where the file has not this text. */
  readonly line?: number
  /** The tool runs it outside a transaction. */
  readonly transaction?: 'off'
  /** The tool runs it in a transaction that it undoes. */
  readonly isUndone?: boolean
  /** The tool replaces `${name}` in it. */
  readonly hasPlaceholders?: boolean
}

/** One migration, as the other tool knows it. */
export interface SourceRevision {
  /** What the tool calls it; ids are made from it. */
  readonly version: string
  /** The tool's own id, where it can be kept. */
  readonly id?: string
  readonly message: string
  /** `yyyy-mm-ddThh:mm:ssZ`; absent where the tool has no time. */
  readonly created?: string
  readonly author?: string
  /** Versions; without them, the migration before it. */
  readonly parents?: readonly string[]
  readonly labels?: readonly string[]
  /** Versions or labels. */
  readonly depends?: readonly string[]
  readonly up: SourceScript
  readonly down?: SourceScript
  readonly verify?: SourceScript
}

/** All migrations of a folder, in the order in which the tool applies them. */
export interface SourceHistory {
  readonly revisions: readonly SourceRevision[]
  readonly findings: readonly Finding[]
}

/** A script that keeps the place of what is not SQL, and refuses to run. */
export function missingScript(file: string, action: 'does' | 'undoes'): SourceScript {
  const reason = `Write in SQL what ${file} ${action}.`.replaceAll("'", "''")
  return {
    file,
    text: `DO $missing$ BEGIN RAISE EXCEPTION USING MESSAGE = '${reason}'; END $missing$;\n`,
  }
}

/** A migration in another language than SQL. */
export function notSql(file: string): Finding {
  const message = 'This migration is not SQL; write what it does by hand, or leave it out.'
  return { severity: 'loss', code: 'NOT_SQL', message, file }
}
