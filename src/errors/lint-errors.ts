import { SqlbraidError } from './sqlbraid-error.ts'

/** The linter is installed, and did not do its work. */
export class SquawkFailedError extends SqlbraidError {
  readonly code = 'SQUAWK_FAILED'
  constructor(reason: string, options?: ErrorOptions) {
    super(`squawk failed: ${reason}`, options)
  }
}
