import type { Failure, SchemaChange } from '../errors/proof-errors.ts'
import type { LostRows } from './row-counts.ts'

/** What was found of a revision. `no down` and what is above it stand for a revision that keeps its promise. */
export type Outcome =
  | 'proved'
  | 'irreversible'
  | 'no down'
  | 'up fails'
  | 'down fails'
  | 'down does not restore'
  | 'down loses rows'
  | 'up is not repeatable'
  | 'branches conflict'
  | 'not reached'

/** How a revision was proved, or what is wrong with it. */
export interface RevisionProof {
  readonly revision: string
  readonly outcome: Outcome
  /** The statement that failed. */
  readonly failure?: Failure
  /** What is otherwise than it should be, and the SQL that would mend it. */
  readonly changes: readonly SchemaChange[]
  readonly sql: string
  readonly lostRows: readonly LostRows[]
  readonly columnOrder: readonly string[]
  readonly notCompared: readonly string[]
}

/** Whether a revision is as it should be. */
export function isProved({ outcome }: RevisionProof): boolean {
  return outcome === 'proved' || outcome === 'irreversible'
}

/** A proof from what there is to say; the rest is empty. */
export function proofOf(
  revision: string,
  outcome: Outcome,
  facts: Partial<Omit<RevisionProof, 'revision' | 'outcome'>> = {},
): RevisionProof {
  const { failure, changes = [], sql = '', lostRows = [], columnOrder = [], notCompared = [] } = facts
  return { revision, outcome, ...(failure && { failure }), changes, sql, lostRows, columnOrder, notCompared }
}
