import { EmbeddedPackageMissingError } from '../errors/embedded-errors.ts'
import {
  ComparePackageMissingError,
  ConflictingBranchesError,
  ProofUnavailableError,
} from '../errors/proof-errors.ts'
import type { Revision, RevisionId } from '../revision/revision.ts'
import type { Verdict } from '../scratch/convergence.ts'
import type { Settings } from '../settings/settings.ts'
import { draftMerge, type MergeRequest } from './create-merge.ts'
import { writeDraft } from './create-revision.ts'
import { type ProofListener, proveConvergence } from './prove-convergence.ts'
import { type History, readHistory } from './read-history.ts'

export interface ProvedMergeRequest extends MergeRequest {
  /** Whether every two of the heads must be proved to commute first. */
  readonly proof: boolean
}

/** The revision written, and how the proof ended for every two of its parents. */
export interface Merge {
  readonly revision: Revision
  readonly verdicts: readonly Verdict[]
}

/**
 * Writes a revision that joins what the request names, once both orders of every two of them are proved to end in the
 * same schema; what is wrong with the request is found before anything is tried. Throws `ConflictingBranchesError`,
 * `ProofUnavailableError`, and what `draftMerge`, `proveConvergence` and `writeDraft` throw; then nothing was written.
 */
export async function merge(
  settings: Settings,
  { proof, ...request }: ProvedMergeRequest,
  listener: ProofListener = {},
): Promise<Merge> {
  const history = readHistory(settings)
  const draft = draftMerge(settings, history, request)
  const verdicts = proof ? await proveMerge(settings, history, draft.revision.parents, listener) : []
  return { revision: writeDraft(draft), verdicts }
}

async function proveMerge(
  settings: Settings,
  history: History,
  heads: readonly RevisionId[],
  listener: ProofListener,
): Promise<readonly Verdict[]> {
  const withoutProof = `sqlbraid merge ${heads.join(' ')} --no-proof`
  const verdicts = await proveConvergence(settings, history, heads, listener).catch((error: unknown) => {
    if (error instanceof EmbeddedPackageMissingError || error instanceof ComparePackageMissingError)
      throw new ProofUnavailableError(error, withoutProof)
    throw error
  })
  const conflicts = verdicts.flatMap(verdict => verdict.conflicts)
  if (conflicts.length > 0) throw new ConflictingBranchesError(conflicts, withoutProof)
  return verdicts
}
