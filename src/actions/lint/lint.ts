import type { DatabaseListener } from '../../database/open-database.ts'
import { withRequirements } from '../../graph/lineage.ts'
import { orderRevisions } from '../../graph/order.ts'
import type { RevisionId } from '../../revision/revision.ts'
import type { Settings } from '../../settings/settings.ts'
import { type History, readHistory } from '../read-history.ts'
import { readHistoryRange } from '../read-history-range.ts'
import { readNamedRevisions } from '../read-named-revisions.ts'
import { readState } from '../read-state.ts'
import { upSteps } from '../scratch-steps.ts'
import type { LintFinding } from './finding.ts'
import { type Linted, lintHistory } from './history-rules.ts'
import { runSquawk } from './run-squawk.ts'

/** What was found in the up scripts of some revisions, in the order of the history. */
export interface LintReport {
  readonly revisions: readonly RevisionId[]
  readonly findings: readonly LintFinding[]
}

/**
 * Looks over the up scripts of a range, of the revisions that a target names, or of what the database does not have: with rules about the history, and with
 * squawk where it is installed. Runs nothing. Throws what reading and preparing throw, and `SquawkFailedError`.
 */
export async function lint(
  settings: Settings,
  range: string | undefined,
  listener: DatabaseListener = {},
): Promise<LintReport> {
  const history = readHistory(settings)
  const wanted = new Set(await readWanted(settings, range, listener))
  const all = prepare(
    settings,
    history,
    orderRevisions(history.graph, withRequirements(history.graph, wanted)),
  )
  const revisions = all.filter(({ revision }) => wanted.has(revision.id))
  const ours = lintHistory(history, revisions, { all, maxHeads: settings.maxHeads ?? 1 })
  const steps = revisions.map(({ step }) => step)
  const theirs = await runSquawk(settings.root, steps)
  if (theirs === undefined)
    listener.onWarning?.('squawk-cli is not installed: only the history is looked over')
  const findings = [...ours, ...(theirs ?? []).filter(finding => !isMet(finding, ours, settings))]
  const order = new Map(steps.map(({ revision }, index) => [revision, index]))
  const rank = ({ revision }: LintFinding) => order.get(revision) ?? 0
  findings.sort((one, other) => rank(one) - rank(other) || one.line - other.line)
  return { revisions: revisions.map(({ revision }) => revision.id), findings }
}

async function readWanted(
  settings: Settings,
  range: string | undefined,
  listener: DatabaseListener,
): Promise<readonly RevisionId[]> {
  if (range === undefined) return (await readState(settings, listener)).pending
  if (range.includes(':')) return (await readHistoryRange(settings, { range }, listener)).range
  return (await readNamedRevisions(settings, { target: range, command: 'lint' }, listener)).named
}

function prepare(settings: Settings, history: History, ids: readonly RevisionId[]): Linted[] {
  const known = ids.flatMap(id => history.revisions.get(id) ?? [])
  const steps = upSteps(
    history,
    settings,
    known.map(({ id }) => id),
  )
  return steps.flatMap((step, index) => {
    const revision = known[index]
    return revision ? [{ revision, step }] : []
  })
}

/** Whether a run sees to what squawk asks for, or one of our findings says the same. */
function isMet(
  { rule, file, line }: LintFinding,
  ours: readonly LintFinding[],
  { lockTimeout, statementTimeout }: Settings,
): boolean {
  if (rule === 'require-lock-timeout') return lockTimeout > 0
  if (rule === 'require-statement-timeout') return statementTimeout > 0
  const isIndex = rule === 'require-concurrent-index-creation'
  return (
    isIndex &&
    ours.some(own => own.rule === 'index-without-concurrently' && own.file === file && own.line === line)
  )
}
