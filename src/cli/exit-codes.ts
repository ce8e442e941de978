import { Errors } from '@oclif/core'
import { SqlbraidError } from '../errors/sqlbraid-error.ts'

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

/** The exit code for anything thrown: by the code of our own errors, 2 for wrong usage, else 1. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof SqlbraidError) return EXIT[OUTCOMES[error.code] ?? 'failure']
  if (error instanceof Errors.CLIError) return error.oclif.exit ?? EXIT.usage
  return EXIT.failure
}

const OUTCOMES: Readonly<Record<string, keyof typeof EXIT>> = {
  LOCK_TIMEOUT: 'locked',
  REVISION_FAILED: 'revisionFailed',
  REVISION_INCOMPLETE: 'revisionIncomplete',
}
