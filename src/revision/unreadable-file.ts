import type { Problem } from '../errors/sqlbraid-error.ts'

/** The problem of a file or folder that the system will not let us read; `cause` is what it threw. */
export function unreadableFile(file: string, cause: unknown): Problem {
  return { code: 'UNREADABLE_FILE', message: `It cannot be read (${systemCodeOf(cause)}).`, file }
}

/** The system's name for why a call failed, e.g. `ENOENT`. Throws `error` on when it did not come from the system. */
export function systemCodeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code)
  throw error
}
