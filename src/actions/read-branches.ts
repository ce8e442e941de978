import { type Divergence, divergences } from '../graph/divergence.ts'
import { branchPoints } from '../graph/lineage.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { type History, readHistory } from './read-history.ts'

/** A revision with several children, and which heads have parted from it. */
export interface BranchPoint {
  readonly id: RevisionId
  /** The pairs of heads of which this is a nearest common ancestor. */
  readonly diverged: readonly Divergence[]
}

/** The history and its branch points. */
export interface HistoryBranches extends History {
  readonly branchPoints: readonly BranchPoint[]
}

/** Reads the branch points; no database is needed. */
export function readBranches(settings: Settings): HistoryBranches {
  const history = readHistory(settings)
  const pairs = divergences(history.graph)
  const found = branchPoints(history.graph).map(id => ({
    id,
    diverged: pairs.filter(({ ancestors }) => ancestors.includes(id)),
  }))
  return { ...history, branchPoints: found }
}
