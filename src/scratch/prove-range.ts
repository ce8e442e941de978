import type { RunnableStep } from '../database/runnable-step.ts'
import { RevisionFailedError } from '../errors/run-errors.ts'
import { readCatalog } from './compare.ts'
import { stepsOf, type Trial, tryBothOrders } from './convergence.ts'
import { type Candidate, proveRevision } from './prove-revision.ts'
import { type Replay, replay } from './replay.ts'
import { isProved, proofOf, type RevisionProof } from './revision-proof.ts'
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
    const conflicts = await findConflicts(server, stages.slice(first, last + 1), options)
    const known = { ...options, conflicts }
    while (next <= last) next = await proveFrom(server, stages.slice(0, last + 1), next, known)
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
  options: RangeOptions & { readonly conflicts: ReadonlyMap<string, RevisionProof> },
): Promise<number> {
  const stepsBefore = stages.slice(0, first).flatMap(({ up, samples }) => [up, ...samples])
  return withState(server, stepsBefore, options, async session => {
    let before = await readCatalog(session, options)
    for (const [offset, stage] of stages.slice(first).entries()) {
      const { proof, after } = await proveRevision(session, stage, before, options)
      const conflict = isProved(proof) ? options.conflicts.get(stage.revision) : undefined
      options.onProof(first + offset, conflict ?? proof)
      if (after === undefined) return first + offset + 1
      await replay(session, stage.samples, options)
      before = after
    }
    return stages.length
  })
}

/** What is wrong with merge points whose parents do not converge with their own scripts either. */
async function findConflicts(
  server: ScratchServer,
  stages: readonly Stage[],
  options: Replay,
): Promise<ReadonlyMap<string, RevisionProof>> {
  const found = new Map<string, RevisionProof>()
  for (const { revision, trials } of stages)
    for (const trial of trials) {
      const [conflict] = await conflictsIn(server, trial, options)
      if (conflict && !found.has(revision))
        found.set(revision, proofOf(revision, 'branches conflict', conflict))
    }
  return found
}

/** A branch that fails by itself will be found to do so. */
async function conflictsIn(server: ScratchServer, trial: Trial, options: Replay) {
  try {
    return (await tryBothOrders(server, trial, options)).conflicts
  } catch (error) {
    if (error instanceof RevisionFailedError) return []
    throw error
  }
}

/** All that proving a stage runs. */
export function stepsOfStage({ up, down, samples, trials }: Stage): RunnableStep[] {
  return [up, ...(down ? [down] : []), ...samples, ...trials.flatMap(stepsOf)]
}

function revisionAt(stages: readonly Stage[], index: number): string {
  return stages[index]?.revision ?? ''
}
