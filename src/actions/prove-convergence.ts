import type { DatabaseListener } from '../database/open-database.ts'
import type { RunListener } from '../database/run-options.ts'
import { heads } from '../graph/lineage.ts'
import { type ConvergenceTrial, convergenceTrials } from '../plan/convergence.ts'
import type { RevisionId } from '../revision/revision.ts'
import { expectComparing } from '../scratch/compare-package.ts'
import {
  commuteTrivially,
  stepsOf,
  type Trial,
  touchedBy,
  tryBothOrders,
  type Verdict,
} from '../scratch/convergence.ts'
import { withScratchServer } from '../scratch/server.ts'
import type { Settings } from '../settings/settings.ts'
import type { History } from './read-history.ts'
import { replayOptions, upSteps } from './scratch-steps.ts'

/** Told about what is tried. */
export interface ProofListener extends DatabaseListener, RunListener {
  readonly onTrial?: (heads: readonly [string, string]) => void
}

/** A verdict, and the objects that each of the two branches adds, changes or drops. */
export interface BranchVerdict extends Verdict {
  readonly touched: readonly [readonly string[], readonly string[]]
}

/** Tries both orders of every two heads of the history, and lists what their branches touch. Throws as `proveConvergence`. */
export async function compareBranches(
  settings: Settings,
  history: History,
  listener: ProofListener,
): Promise<readonly BranchVerdict[]> {
  const trials = trialsFor(settings, history, heads(history.graph))
  if (trials.length === 0) return []
  const options = replayOptions(settings, listener, trials.flatMap(stepsOf))
  expectComparing()
  return withScratchServer(settings, listener, async server => {
    const verdicts: BranchVerdict[] = []
    for (const trial of trials) {
      listener.onTrial?.(headsOf(trial))
      const [one, other] = trial.sides
      const touched = [
        await touchedBy(server, trial, one, options),
        await touchedBy(server, trial, other, options),
      ] as const
      verdicts.push({ ...(await tryBothOrders(server, trial, options)), touched })
    }
    return verdicts
  })
}

/**
 * Tries both orders of every two of the revisions to be joined on the scratch server, which is not even started when no order could
 * matter. Throws what preparing, replaying and the scratch server throw.
 */
export async function proveConvergence(
  settings: Settings,
  history: History,
  joined: readonly RevisionId[],
  listener: ProofListener,
): Promise<readonly Verdict[]> {
  const trials = trialsFor(settings, history, joined)
  if (trials.every(commuteTrivially)) return trials.map(provedTrivially)
  const options = replayOptions(settings, listener, trials.flatMap(stepsOf))
  expectComparing()
  return withScratchServer(settings, listener, async server => {
    const verdicts: Verdict[] = []
    for (const trial of trials) {
      listener.onTrial?.(headsOf(trial))
      const isTrivial = commuteTrivially(trial)
      verdicts.push(isTrivial ? provedTrivially(trial) : await tryBothOrders(server, trial, options))
    }
    return verdicts
  })
}

function trialsFor(settings: Settings, history: History, joined: readonly RevisionId[]): Trial[] {
  return convergenceTrials(history.graph, joined).map(trial => prepareTrial(settings, history, trial))
}

/** Prepares what a planned trial runs. */
export function prepareTrial(
  settings: Settings,
  history: History,
  { heads, shared, own, joint }: ConvergenceTrial,
): Trial {
  const steps = (ids: readonly RevisionId[]) => upSteps(history, settings, ids)
  return {
    shared: steps(shared),
    sides: [
      { head: heads[0], steps: steps(own[0]) },
      { head: heads[1], steps: steps(own[1]) },
    ],
    joint: steps(joint),
  }
}

function provedTrivially(trial: Trial): Verdict {
  return { heads: headsOf(trial), conflicts: [], columnOrder: [], notCompared: [] }
}

function headsOf({ sides: [one, other] }: Trial): readonly [string, string] {
  return [one.head, other.head]
}
