import { TooManyHeadsError } from '../errors/graph-errors.ts'
import { heads } from '../graph/lineage.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { type History, readHistory } from './read-history.ts'

/** The history and its heads. */
export interface HistoryHeads extends History {
  readonly heads: readonly RevisionId[]
}

/** Reads the heads, from the up files alone; no database is needed. */
export function readHeads(settings: Settings): HistoryHeads {
  const history = readHistory(settings, { headers: 'up' })
  return { ...history, heads: heads(history.graph) }
}

/** Throws `TooManyHeadsError` when there are more heads than `most`. */
export function requireAtMost(most: number, { heads }: HistoryHeads): void {
  if (heads.length <= most) return
  const [first, ...others] = heads
  throw new TooManyHeadsError(heads, most, [
    `sqlbraid merge ${heads.join(' ')}`,
    ...others.map(head => `sqlbraid rebase ${head} --onto ${first}`),
    'sqlbraid history --graph',
  ])
}
