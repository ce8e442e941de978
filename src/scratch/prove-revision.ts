import type { RunnableStep } from '../database/runnable-step.ts'
import type { Session } from '../database/session.ts'
import { type Failure, failureOf } from '../errors/proof-errors.ts'
import { RevisionFailedError } from '../errors/run-errors.ts'
import { type Catalog, compareCatalogs, type Difference, readCatalog } from './compare.ts'
import { type Replay, replay } from './replay.ts'
import { proofOf, type RevisionProof } from './revision-proof.ts'
import { countRows, lostRows } from './row-counts.ts'

/** A revision to be tried. */
export interface Candidate {
  readonly revision: string
  readonly up: RunnableStep
  readonly down?: RunnableStep
  readonly irreversible: boolean
}

/** A proof, and the catalog that the session's database ends with; none when it is not to be built on. */
export interface Tried {
  readonly proof: RevisionProof
  readonly after?: Catalog
}

/**
 * Tries a revision on a database that stands right before it, whose catalog is `before`: up; down, which must restore
 * that catalog and lose no rows; and up again, which must give what the first up gave.
 */
export async function proveRevision(
  session: Session,
  { revision, up, down, irreversible }: Candidate,
  before: Catalog,
  options: Replay,
): Promise<Tried> {
  const attempt = (step: RunnableStep) => failureIn(replay(session, [step], options))
  const rowsBefore = await countRows(session, options)
  const upFailure = await attempt(up)
  if (upFailure) return { proof: proofOf(revision, 'up fails', { failure: upFailure }) }
  const after = await readCatalog(session, options)
  const { notCompared } = after
  if (down === undefined) {
    const outcome = irreversible ? 'irreversible' : 'no down'
    return { proof: proofOf(revision, outcome, { notCompared }), after }
  }
  const downFailure = await attempt(down)
  if (downFailure) return { proof: proofOf(revision, 'down fails', { failure: downFailure, notCompared }) }
  const restored = await readCatalog(session, options)
  const difference = await compareCatalogs(restored, before, ['after the down', 'before the up'])
  if (difference.changes.length > 0)
    return { proof: proofOf(revision, 'down does not restore', { ...difference, notCompared }) }
  const lost = lostRows(rowsBefore, await countRows(session, options))
  if (lost.length > 0) return { proof: proofOf(revision, 'down loses rows', { lostRows: lost, notCompared }) }
  return proveRepeat(session, { revision, up }, { after, difference }, options)
}

async function proveRepeat(
  session: Session,
  { revision, up }: Candidate | Pick<Candidate, 'revision' | 'up'>,
  { after, difference }: { readonly after: Catalog; readonly difference: Difference },
  options: Replay,
): Promise<Tried> {
  const { notCompared } = after
  const failure = await failureIn(replay(session, [up], options))
  if (failure) return { proof: proofOf(revision, 'up is not repeatable', { failure, notCompared }) }
  const again = await readCatalog(session, options)
  const repeated = await compareCatalogs(again, after, ['the second time', 'the first time'])
  if (repeated.changes.length > 0)
    return { proof: proofOf(revision, 'up is not repeatable', { ...repeated, notCompared }) }
  const columnOrder = [...new Set([...difference.columnOrder, ...repeated.columnOrder])]
  const proof = proofOf(revision, 'proved', { columnOrder, notCompared })
  return columnOrder.length > 0 ? { proof } : { proof, after: again }
}

async function failureIn(run: Promise<void>): Promise<Failure | undefined> {
  try {
    await run
    return undefined
  } catch (error) {
    if (error instanceof RevisionFailedError) return failureOf(error)
    throw error
  }
}
