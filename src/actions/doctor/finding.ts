import { SqlbraidError } from '../../errors/sqlbraid-error.ts'

/** One line of a diagnosis. */
export interface Finding {
  /** What was looked at, in a word or two: `connection`, `revision files`. */
  readonly check: string
  readonly outcome: 'ok' | 'warning' | 'problem'
  /** What was found. */
  readonly message: string
  /** What to do about it. */
  readonly advice: readonly string[]
}

/** A check that found what it should, or only facts. */
export function ok(check: string, message: string): Finding {
  return { check, outcome: 'ok', message, advice: [] }
}

/** Nothing is broken yet, but the user should know. */
export function warning(check: string, message: string, advice: readonly string[] = []): Finding {
  return { check, outcome: 'warning', message, advice }
}

/** Commands will fail on this. */
export function problem(check: string, message: string, advice: readonly string[] = []): Finding {
  return { check, outcome: 'problem', message, advice }
}

/** An expected error as a problem; anything else is thrown on. */
export function problemFrom(check: string, error: unknown): Finding {
  if (!(error instanceof SqlbraidError)) throw error
  return problem(check, error.message, error.suggestions)
}
