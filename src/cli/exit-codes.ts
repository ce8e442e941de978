import { RunInterruptedError } from '../errors/run-errors.ts'
import { SqlbraidError } from '../errors/sqlbraid-error.ts'
import { exitCodeOfSignal } from './interruption.ts'

/** What the process says when it ends; documented in docs/errors.md. */
export const EXIT = {
  done: 0,
  failure: 1,
  usage: 2,
  finding: 3,
  locked: 4,
  revisionFailed: 5,
  revisionIncomplete: 6,
  ambiguous: 7,
  disagreement: 8,
  noConnection: 9,
} as const

/** The exit code for anything thrown: by the code of our own errors, as a shell has it for a signal, else 1. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof RunInterruptedError) return exitCodeOfSignal(error.signal)
  if (error instanceof SqlbraidError) return EXIT[OUTCOMES[error.code] ?? 'failure']
  return EXIT.failure
}

const OUTCOMES: Readonly<Record<string, keyof typeof EXIT>> = {
  ALREADY_INITIALIZED: 'usage',
  BAD_FILE_TEMPLATE: 'usage',
  BAD_TARGET: 'usage',
  BROKEN_NEW_REVISION: 'usage',
  BROKEN_REVISION_FILES: 'usage',
  CONFIG_NOT_FOUND: 'usage',
  DATABASE_NOT_CONFIGURED: 'usage',
  DESIRED_SCHEMA_FAILED: 'usage',
  DESTRUCTIVE_CHANGE: 'usage',
  DOWN_EXISTS: 'usage',
  IMPORT_IN_PLACE: 'usage',
  IMPORT_SOURCE: 'usage',
  INVALID_CONNECTION: 'usage',
  INVALID_SETTINGS: 'usage',
  MISSING_DOWN: 'usage',
  NOT_APPLIED: 'usage',
  NOT_A_HEAD: 'usage',
  NOT_IMPORTABLE: 'usage',
  NOT_IN_LINEAGE: 'usage',
  NO_DESIRED_SCHEMA: 'usage',
  NOT_IN_ONE_TRANSACTION: 'usage',
  NAME_TAKEN: 'usage',
  NOTHING_TO_MERGE: 'usage',
  NOTHING_TO_REBASE: 'usage',
  NO_REVISIONS: 'usage',
  NOT_UNFINISHED: 'usage',
  NUL_CHARACTER: 'usage',
  NO_TRUNK: 'usage',
  REBASE_CYCLE: 'usage',
  BUILT_UPON: 'usage',
  STAMPED_RUN: 'usage',
  TARGET_NEEDS_DATABASE: 'usage',
  UNKNOWN_COMMAND: 'usage',
  UNKNOWN_ENVIRONMENT: 'usage',
  UNKNOWN_FOLDER: 'usage',
  UNKNOWN_RENAME: 'usage',
  UNKNOWN_FORMAT: 'usage',
  UNKNOWN_RUN: 'usage',
  UNKNOWN_TARGET: 'usage',
  UNREADABLE_TEMPLATE: 'usage',
  UNSET_VARIABLE: 'usage',
  USAGE: 'usage',
  WALKED_TOO_FAR: 'usage',

  LOCK_TIMEOUT: 'locked',
  REVISION_FAILED: 'revisionFailed',
  REVISION_INCOMPLETE: 'revisionIncomplete',
  UNFINISHED_REVISION: 'revisionIncomplete',

  AMBIGUOUS_ID: 'ambiguous',
  AMBIGUOUS_RUN: 'ambiguous',
  AMBIGUOUS_TARGET: 'ambiguous',
  CONFLICTING_BRANCHES: 'ambiguous',
  MULTIPLE_HEADS: 'ambiguous',
  TOO_MANY_HEADS: 'ambiguous',

  APPLIED_OUT_OF_ORDER: 'disagreement',
  CHANGED_REVISIONS: 'disagreement',
  DATA_NOT_KEPT: 'disagreement',
  PLAN_OUTDATED: 'disagreement',
  TOOL_HISTORY: 'disagreement',
  UNKNOWN_REVISIONS: 'disagreement',

  AUTHENTICATION_FAILED: 'noConnection',
  CONNECTION_FAILED: 'noConnection',
  CONNECTION_REFUSED: 'noConnection',
  CONNECTION_REJECTED: 'noConnection',
  CONNECTION_TIMEOUT: 'noConnection',
  DATABASE_MISSING: 'noConnection',
  DATABASE_WAIT_TIMEOUT: 'noConnection',
  HOST_NOT_FOUND: 'noConnection',
  NETWORK_UNREACHABLE: 'noConnection',
  NO_SUITABLE_SERVER: 'noConnection',
  ROLE_NOT_ASSUMED: 'noConnection',
  ROLE_REFUSED: 'noConnection',
  SERVER_NOT_READY: 'noConnection',
  SESSION_LOST: 'noConnection',
  SOCKET_NOT_FOUND: 'noConnection',
  SOCKET_NOT_PERMITTED: 'noConnection',
  TOO_MANY_CONNECTIONS: 'noConnection',
}
