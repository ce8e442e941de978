import { SqlbraidError } from './sqlbraid-error.ts'

/** The event log has no such run. */
export class UnknownRunError extends SqlbraidError {
  readonly code = 'UNKNOWN_RUN'
  override readonly suggestions = ['sqlbraid log']
  readonly run: string

  constructor(run: string) {
    super(`The log of the database has no run "${run}".`)
    this.run = run
  }
}

/** Several runs begin with what was given. */
export class AmbiguousRunError extends SqlbraidError {
  readonly code = 'AMBIGUOUS_RUN'
  override readonly suggestions: readonly string[]
  readonly run: string
  readonly candidates: readonly string[]

  constructor(run: string, candidates: readonly string[]) {
    super(`Several runs begin with "${run}": ${candidates.join(', ')}.`)
    this.run = run
    this.candidates = candidates
    this.suggestions = candidates.map(candidate => `sqlbraid log --run ${candidate}`)
  }
}

/** A run that ran no script cannot be undone by running some. */
export class StampedRunError extends SqlbraidError {
  readonly code = 'STAMPED_RUN'
  override readonly suggestions = ['sqlbraid stamp --help']
  readonly run: string

  constructor(run: string) {
    super(`Run ${run} was a stamp: it ran no script, so there is nothing that down scripts could undo.`)
    this.run = run
  }
}

/** What is to be reverted cannot be reverted alone, for other applied revisions stand on it. */
export class BuiltUponError extends SqlbraidError {
  readonly code = 'BUILT_UPON'
  override readonly suggestions: readonly string[]
  readonly revisions: readonly string[]

  constructor(standing: readonly string[]) {
    super(`Other applied revisions stand on what is to be reverted: ${standing.join(', ')}.`)
    this.revisions = standing
    this.suggestions = standing.slice(0, 1).map(id => `sqlbraid downgrade ${id}-1 --dry-run`)
  }
}
