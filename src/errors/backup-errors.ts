import { SqlbraidError } from './sqlbraid-error.ts'

/** The backup before a run was not had, so nothing was changed. */
export class BackupFailedError extends SqlbraidError {
  readonly code = 'BACKUP_FAILED'
  override readonly suggestions: readonly string[]
  readonly file: string

  constructor(file: string, reason: string, suggestions: readonly string[], options?: ErrorOptions) {
    super(`The backup to ${file} failed, so nothing was changed: ${reason}`, options)
    this.file = file
    this.suggestions = suggestions
  }
}
