import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { embeddedFolder } from '../database/open-database.ts'
import { withRequirements } from '../graph/lineage.ts'
import { orderRevisions } from '../graph/order.ts'
import { TOOL_VERSION } from '../ledger/tool-version.ts'
import { mergeTrials } from '../plan/convergence.ts'
import type { Revision, RevisionId } from '../revision/revision.ts'
import { openProofCache } from '../scratch/proof-cache.ts'
import { proveRange, type Stage, stepsOfStage } from '../scratch/prove-range.ts'
import { proofOf, type RevisionProof } from '../scratch/revision-proof.ts'
import { type ScratchServer, withScratchServer } from '../scratch/server.ts'
import { stateKeys } from '../scratch/state.ts'
import { keptText } from '../script/kept-text.ts'
import type { Settings } from '../settings/settings.ts'
import { type ProofListener, prepareTrial } from './prove-convergence.ts'
import { readFixtures } from './read-fixtures.ts'
import type { History } from './read-history.ts'
import { readHistoryRange } from './read-history-range.ts'
import { readNamedRevisions } from './read-named-revisions.ts'
import { downSteps, replayOptions, upSteps } from './scratch-steps.ts'

export interface VerifyRequest {
  /** `a:b`, or one target; `:` is the whole history. */
  readonly range: string
  /** How many databases are worked in at once. */
  readonly jobs: number
  /** Whether proofs of earlier runs count. */
  readonly cache: boolean
}

/** Told about each proof as it is made. */
export interface VerifyListener extends ProofListener {
  readonly onProof?: (proof: RevisionProof, done: number, total: number) => void
}

/** The proofs of a range, in the order in which its revisions are applied. */
export interface VerifyReport extends History {
  readonly proofs: readonly RevisionProof[]
  /** How many of them an earlier run had made. */
  readonly cached: number
}

/**
 * Proves the revisions of a range in throw-away databases: that each goes up, that its down restores what was there,
 * that it goes up again, and that what a merge point joins converges. Writes nothing but its cache. Throws what
 * reading, preparing and the scratch server throw.
 */
export async function verify(
  settings: Settings,
  request: VerifyRequest,
  listener: VerifyListener = {},
): Promise<VerifyReport> {
  const { members, ...history } = await readMembers(settings, request.range, listener)
  const order = orderRevisions(history.graph, withRequirements(history.graph, members))
  const stages = prepareStages(settings, history, order)
  const wanted = order.flatMap((id, index) => (members.has(id) ? [index] : []))
  const file = join(embeddedFolder(settings), 'proofs.json')
  return withScratchServer(settings, listener, async server => {
    const cache = openProofCache(request.cache ? file : undefined)
    const keys = proofKeys(stages, server, settings)
    const known = (index: number) => cache.get(keys[index] ?? '')
    const missing = wanted.filter(index => known(index) === undefined)
    let done = 0
    const options = {
      ...replayOptions(settings, listener, stages.flatMap(stepsOfStage)),
      onProof: (index: number, proof: RevisionProof) => {
        cache.set(keys[index] ?? '', proof)
        listener.onProof?.(proof, ++done, missing.length)
      },
    }
    try {
      const ranges = splitRanges(missing, request.jobs)
      await inParallel(ranges, request.jobs, range => proveRange(server, stages, range, options))
    } finally {
      cache.save()
    }
    const proofs = wanted.map(index => known(index) ?? proofOf(order[index] ?? '', 'not reached'))
    return { ...history, proofs, cached: wanted.length - missing.length }
  })
}

async function readMembers(
  settings: Settings,
  range: string,
  listener: VerifyListener,
): Promise<History & { readonly members: ReadonlySet<RevisionId> }> {
  if (range.includes(':')) {
    const { graph, revisions, range: members } = await readHistoryRange(settings, { range }, listener)
    return { graph, revisions, members: new Set(members) }
  }
  const { graph, revisions, named } = await readNamedRevisions(
    settings,
    { target: range, command: 'verify' },
    listener,
  )
  return { graph, revisions, members: new Set(named) }
}

function prepareStages(settings: Settings, history: History, order: readonly RevisionId[]): Stage[] {
  const fixtures = readFixtures(settings, history)
  return order.flatMap(id => {
    const revision = history.revisions.get(id)
    const [up] = upSteps(history, settings, [id])
    return revision && up
      ? [{ ...stageOf(settings, history, revision), up, samples: fixtures.get(id) ?? [] }]
      : []
  })
}

function stageOf(settings: Settings, history: History, { id, parts, irreversible }: Revision) {
  const down = parts.down === undefined ? undefined : downSteps(history, settings, [id])[0]
  return {
    revision: id,
    ...(down && { down }),
    irreversible: irreversible !== undefined,
    trials: mergeTrials(history.graph, id).map(trial => prepareTrial(settings, history, trial)),
  }
}

/** A key for each proof, over all that it depends on: what ran before, the scripts, the server's major version, and ours. */
function proofKeys(stages: readonly Stage[], { facts }: ScratchServer, { ledgerSchema }: Settings): string[] {
  const steps = stages.flatMap(({ up, samples }) => [up, ...samples])
  const states = new Map(stateKeys(steps, ledgerSchema).map((key, index) => [steps[index], key]))
  return stages.map(({ up, down, irreversible, trials }) => {
    const version = Math.trunc(facts.versionNumber / 10_000)
    const text = down && keptText(down.script)
    const parts = [
      states.get(up),
      down?.transaction,
      text,
      irreversible,
      trials.length,
      version,
      TOOL_VERSION,
    ]
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  })
}

/** Works through a list, `jobs` at a time; a failure is thrown once nothing is under way any more. */
async function inParallel<T>(
  work: readonly T[],
  jobs: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const items = work.values()
  const worker = async () => {
    for (const item of items) await act(item)
  }
  const workers = Array.from({ length: jobs }, worker)
  await Promise.allSettled(workers)
  await Promise.all(workers)
}

/** Splits ascending indices into about `jobs` runs of neighbours. */
function splitRanges(indices: readonly number[], jobs: number): { first: number; last: number }[] {
  const most = Math.ceil(indices.length / jobs)
  const ranges: { first: number; last: number }[] = []
  for (const index of indices) {
    const current = ranges.at(-1)
    if (current && current.last === index - 1 && index - current.first < most) current.last = index
    else ranges.push({ first: index, last: index })
  }
  return ranges
}
