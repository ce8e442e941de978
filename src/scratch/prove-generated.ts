import type { RunnableStep } from '../database/runnable-step.ts'
import { GeneratedNotProvedError } from '../errors/proof-errors.ts'
import { type Catalog, compareCatalogs, readCatalog } from './compare.ts'
import type { Scope } from './compare-scope.ts'
import { type Candidate, proveRevision } from './prove-revision.ts'
import type { Replay } from './replay.ts'
import { isProved, type RevisionProof } from './revision-proof.ts'
import type { ScratchServer } from './server.ts'
import { withState } from './state.ts'

/** What was generated, with what stands before it, and the schema that its up script should give. */
export interface Generated {
  readonly before: readonly RunnableStep[]
  readonly candidate: Candidate
  readonly desired?: Catalog
}

/** What of generated scripts is no fault, but worth saying. */
export type Remarks = Pick<RevisionProof, 'notCompared' | 'columnOrder'>

/**
 * Proves generated scripts as any revision is proved: up, down, up. Throws `GeneratedNotProvedError`.
 */
export async function proveGenerated(
  server: ScratchServer,
  { before, candidate, desired }: Generated,
  options: Replay & Scope,
): Promise<Remarks> {
  return withState(server, before, options, async session => {
    const { proof } = await proveRevision(session, candidate, await readCatalog(session, options), options)
    const { revision, outcome, changes, failure } = proof
    if (!isProved(proof)) throw new GeneratedNotProvedError(revision, outcome, changes, failure)
    if (desired === undefined) return proof
    const left = await compareCatalogs(await readCatalog(session, options), desired, [
      'after the up',
      'in the desired schema',
    ])
    if (left.changes.length > 0)
      throw new GeneratedNotProvedError(revision, 'its up does not give the desired schema', left.changes)
    return { notCompared: proof.notCompared, columnOrder: left.columnOrder }
  })
}
