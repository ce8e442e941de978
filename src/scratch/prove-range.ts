import type { RunnableStep } from '../database/runnable-step.ts'
import { RevisionFailedError } from '../errors/run-errors.ts'
import { readCatalog } from './compare.ts'
import { type Trial, tryBothOrders } from './convergence.ts'
import { type Candidate, isProved, proofOf, proveRevision, type RevisionProof } from './prove-revision.ts'
import { type Replay, replay } from './replay.ts'
import type { ScratchServer } from './server.ts'
import { withState } from './state.ts'

/** A revision in the order in which it is reached. */
export interface Stage extends Candidate {
  /** Rows to be loaded once the revision is applied, for those after it to meet. */
  readonly samples: readonly RunnableStep[]
  /** For a merge point: the orders in which its parents may come. */
  readonly trials: readonly Trial[]
}

/** How a range is proved. */
export interface RangeOptions extends Replay {
  readonly onProof: (index: number, proof: RevisionProof) => void
}

/**
 * Proves the stages from `first` to `last`, each on a database that stands right before it. One database goes along
 * for as long as the stages leave it as it should be; then the next one starts from the state they should have left.
 */
export async function proveRange(
  server: ScratchServer,
  stages: readonly Stage[],
  { first, last }: { readonly first: number; readonly last: number },
  options: RangeOptions,
): Promise<void> {
  let next = first
  try {
    while (next <= last) next = await proveFrom(server, stages.slice(0, last + 1), next, options)
  } catch (error) {
    if (!(error instanceof RevisionFailedError)) throw error
    for (; next <= last; next++) options.onProof(next, proofOf(revisionAt(stages, next), 'not reached'))
  }
}

/** Goes along until a stage leaves the database unfit for the next one; gives the index of that next one. */
async function proveFrom(
  server: ScratchServer,
  stages: readonly Stage[],
  first: number,
  options: RangeOptions,
): Promise<number> {
  const stepsBefore = stages.slice(0, first).flatMap(({ up, samples }) => [up, ...samples])
  return withState(server, stepsBefore, options, async session => {
    let before = await readCatalog(session, options)
    for (const [offset, stage] of stages.slice(first).entries()) {
      const { proof, after } = await proveRevision(session, stage, before, options)
      const conflict = isProved(proof) ? await conflictIn(server, stage, options) : undefined
      options.onProof(first + offset, conflict ?? proof)
      if (after === undefined) return first + offset + 1
      await replay(session, stage.samples, options)
      before = after
    }
    return stages.length
  })
}

/** What is wrong with a merge point whose parents do not converge with its own script either. */
async function conflictIn(
  server: ScratchServer,
  { revision, trials }: Stage,
  options: Replay,
): Promise<RevisionProof | undefined> {
  for (const trial of trials) {
    const { conflicts } = await tryBothOrders(server, trial, options)
    const [conflict] = conflicts
    if (conflict) return proofOf(revision, 'its branches conflict', conflict)
  }
  return undefined
}

function revisionAt(stages: readonly Stage[], index: number): string {
  return stages[index]?.revision ?? ''
}
