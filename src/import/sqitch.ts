import { posix } from 'node:path'
import type { Finding } from './finding.ts'
import { wholeFile } from './paired-files.ts'
import type { SourceHistory, SourceRevision, SourceScript } from './source-history.ts'
import type { SourceFile, SourceTree } from './source-tree.ts'
import { type PlannedChange, readSqitchPlan } from './sqitch-plan.ts'

/** sqitch: `sqitch.plan`, with the scripts of its changes in `deploy/`, `revert/` and `verify/`. */
export function recognizesSqitch({ files }: SourceTree): boolean {
  return files.some(({ name }) => name === PLAN)
}

/** Reads sqitch's changes in the order of the plan, which covers what they require. */
export function readSqitch({ files }: SourceTree): SourceHistory {
  const plan = files.find(({ name }) => name === PLAN)
  if (!plan) return { revisions: [], findings: [] }
  const { changes, findings: unreadable } = readSqitchPlan(plan)
  const findings = [...unreadable]
  const scripts = new Map(files.map(file => [file.path, file]))
  const top = posix.dirname(plan.path)
  const reworks = findReworks(changes)
  const revisions = changes.flatMap(change => {
    noteDependencies(plan, change, findings)
    return readChange(plan, change, reworks.get(change) ?? NEVER_REWORKED, { top, scripts }, findings)
  })
  return { revisions, findings }
}

/** What tells the changes of one name apart: the tags between a change and its rework. */
interface Rework {
  /** Counts from 1. */
  readonly occurrence: number
  /** The suffixes that its scripts may have, the best first. */
  readonly suffixes: readonly string[]
}

interface Scripts {
  readonly top: string
  readonly scripts: ReadonlyMap<string, SourceFile>
}

const PLAN = 'sqitch.plan'

const NEVER_REWORKED: Rework = { occurrence: 1, suffixes: [''] }

/** The last change of a name has the plain name; one before it has a tag that stands between it and the next. */
function findReworks(changes: readonly PlannedChange[]): ReadonlyMap<PlannedChange, Rework> {
  const reworks = new Map<PlannedChange, Rework>()
  const latest = new Map<string, number>()
  for (const [index, change] of changes.entries()) {
    const before = latest.get(change.name)
    const earlier = before === undefined ? undefined : changes[before]
    const occurrence = earlier === undefined ? 1 : (reworks.get(earlier)?.occurrence ?? 0) + 1
    reworks.set(change, { occurrence, suffixes: [''] })
    latest.set(change.name, index)
    if (earlier === undefined) continue
    const tags = changes.slice(before, index).flatMap(({ tags }) => tags)
    const suffixes = tags.toReversed().map(tag => `@${tag}`)
    reworks.set(earlier, { occurrence: occurrence - 1, suffixes })
  }
  return reworks
}

function readChange(
  plan: SourceFile,
  change: PlannedChange,
  { occurrence, suffixes }: Rework,
  { top, scripts }: Scripts,
  findings: Finding[],
): SourceRevision[] {
  const suffix = suffixes.find(text => scripts.has(pathOf(top, 'deploy', change.name, text)))
  if (suffix === undefined) {
    const message = `There is no deploy script of the change ${change.name}.`
    findings.push({ severity: 'fault', code: 'MISSING_SCRIPT', message, file: plan.file, line: change.line })
    return []
  }
  const partOf = (part: string): SourceScript | undefined => {
    const file = scripts.get(pathOf(top, part, change.name, suffix))
    return file && wholeFile(file)
  }
  const [up, down, verify] = ['deploy', 'revert', 'verify'].map(partOf)
  if (!up) return []
  return [
    {
      version: occurrence === 1 ? change.name : `${change.name}#${occurrence}`,
      message: change.note || change.name,
      created: change.created,
      author: change.planner,
      up,
      ...(down && { down }),
      ...(verify && { verify: { ...verify, isUndone: true } }),
    },
  ]
}

function pathOf(top: string, part: string, name: string, suffix: string): string {
  return posix.join(top, part, `${name}${suffix}.sql`)
}

/** What the order of the plan does not say by itself. */
function noteDependencies(plan: SourceFile, change: PlannedChange, findings: Finding[]): void {
  for (const dependency of change.dependencies.filter(text => /^!|:/.test(text))) {
    const kind = dependency.startsWith('!') ? 'conflict' : 'dependency on another project'
    findings.push(remark(plan, change, `The ${kind} ${dependency} of ${change.name} has no counterpart.`))
  }
  if (change.tags.length > 0) {
    const tags = change.tags.map(tag => `@${tag}`).join(', ')
    findings.push(remark(plan, change, `The tag ${tags} behind ${change.name} has no counterpart.`))
  }
}

function remark({ file }: SourceFile, { line }: PlannedChange, message: string): Finding {
  return { severity: 'remark', code: 'NOT_TAKEN', message, file, line }
}
