import type { Finding } from './finding.ts'
import type { SourceFile } from './source-tree.ts'

/** One change of a sqitch plan; a name that comes again is a rework of it. */
export interface PlannedChange {
  readonly name: string
  /** As written, with a `!` before a conflict. */
  readonly dependencies: readonly string[]
  readonly created: string
  readonly planner: string
  readonly note: string
  readonly line: number
  /** The tags behind it, without their `@`. */
  readonly tags: readonly string[]
}

/** Reads `sqitch.plan` (see sqitch's manual page "sqitchtutorial"); a line that is none of its kinds is a fault. */
export function readSqitchPlan({ file, text }: SourceFile): {
  readonly changes: readonly PlannedChange[]
  readonly findings: readonly Finding[]
} {
  const changes: (PlannedChange & { readonly tags: string[] })[] = []
  const findings: Finding[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|%|$)/.test(line)) continue
    const tag = TAG.exec(line)?.[1]
    const change = CHANGE.exec(line)
    if (tag !== undefined) changes.at(-1)?.tags.push(tag)
    else if (change) changes.push(changeFrom(change, index + 1))
    else findings.push(unreadable(file, index + 1))
  }
  return { changes, findings }
}

const TAG = /^\s*@(\S+)\s/
const CHANGE =
  /^\s*([^\s@:#[\]]+)\s+(?:\[([^\]]*)\]\s+)?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\s+(.*?<[^>]*>)\s*(?:#\s?(.*))?$/

function changeFrom(found: RegExpExecArray, line: number) {
  const [, name = '', dependencies = '', created = '', planner = '', note = ''] = found
  return {
    name,
    dependencies: dependencies.split(/\s+/).filter(Boolean),
    created,
    planner,
    note: note.replaceAll('\\n', ' ').trim(),
    line,
    tags: [] as string[],
  }
}

function unreadable(file: string, line: number): Finding {
  const message = 'This line is neither a change nor a tag of a sqitch plan.'
  return { severity: 'fault', code: 'UNREADABLE_MIGRATION', message, file, line }
}
