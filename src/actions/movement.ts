import type { Ledger } from '../database/ledger.ts'
import type { Session } from '../database/session.ts'
import type { GraphRevision, RevisionGraph } from '../graph/revision-graph.ts'
import type { Plan } from '../plan/plan.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { Tolerance } from './agreement.ts'
import { appliedSet } from './applied-set.ts'
import type { DownSource } from './kept-down.ts'

/** What plans are made over. */
export interface Standpoint {
  /** The revisions of this checkout. */
  readonly graph: RevisionGraph
  /** What the ledger holds, in the order it was applied; empty where no database was asked. */
  readonly rows: readonly GraphRevision[]
  readonly applied: ReadonlySet<RevisionId>
}

/** One way to go over the graph. */
export interface Movement {
  readonly action: 'upgrade' | 'downgrade' | 'sync' | 'reapply'
  readonly plan: (standpoint: Standpoint, targets: readonly string[]) => Plan
  /** Where the ledger says what the targets are. */
  readonly targets?: (session: Session, ledger: Ledger) => Promise<readonly string[]>
  /** What it can deal with, and need not be told to pass over. */
  readonly copesWith?: Tolerance
  readonly downs: DownSource
}

/** Where a database stands, seen from a checkout. */
export function standpointOf(graph: RevisionGraph, ledger: Ledger): Standpoint {
  return { graph, rows: ledger.revisions, applied: appliedSet(ledger) }
}
