import type { RunnableStep } from '../../database/runnable-step.ts'
import { heads, withRequirements } from '../../graph/lineage.ts'
import type { Revision } from '../../revision/revision.ts'
import { tableIndexed, tableMade } from '../../script/named-table.ts'
import type { Statement } from '../../script/statements.ts'
import type { History } from '../read-history.ts'
import { findingAt, type LintFinding } from './finding.ts'

/** A revision, and its up script. */
export interface Linted {
  readonly revision: Revision
  readonly step: RunnableStep
}

/** What the history shows to be wrong with some of its revisions; `all` are those, too, on which they stand. */
export function lintHistory(
  history: History,
  revisions: readonly Linted[],
  { all, maxHeads }: { readonly all: readonly Linted[]; readonly maxHeads: number },
): LintFinding[] {
  return [
    ...revisions.flatMap(linted => RULES.flatMap(rule => rule(linted))),
    ...indexesWithoutConcurrently(history, revisions, all),
    ...tooManyHeads(history, revisions, maxHeads),
  ]
}

type Rule = (linted: Linted) => readonly LintFinding[]

const noMessage: Rule = ({ revision, step }) =>
  revision.message === ''
    ? [findingAt(step, 0, { rule: 'no-message', message: 'The header says no message.' })]
    : []

const noDown: Rule = ({ revision: { parts, irreversible }, step }) =>
  parts.down === undefined && irreversible === undefined
    ? [
        findingAt(step, 0, {
          rule: 'no-down',
          message: 'There is no down script, and the header does not say why (irreversible).',
          help: `sqlbraid down ${step.revision}`,
        }),
      ]
    : []

const destructive: Rule = ({ revision, step }) =>
  revision.destructive === undefined
    ? step.script.statements.filter(deletes).map(({ start }) =>
        findingAt(step, start, {
          rule: 'undeclared-destructive',
          message: 'The statement deletes data, and the header does not say why that is right (destructive).',
        }),
      )
    : []

const halfWay: Rule = ({ step }) => {
  const [, second] = step.transaction === 'off' ? step.script.statements.filter(changes) : []
  if (second === undefined) return []
  const message =
    'A second statement without a transaction: when it fails, the first one stays. One revision each is safer.'
  return [findingAt(step, second.start, { rule: 'several-without-transaction', message })]
}

const RULES: readonly Rule[] = [noMessage, noDown, destructive, halfWay]

function indexesWithoutConcurrently(
  { graph }: History,
  revisions: readonly Linted[],
  all: readonly Linted[],
): LintFinding[] {
  const makers = new Map(all.map(({ revision, step }) => [revision.id, tablesMade(step)]))
  return revisions.flatMap(({ revision: { id }, step }) => {
    const below = [...withRequirements(graph, [id])].filter(other => other !== id)
    const inUse = new Set(below.flatMap(other => makers.get(other) ?? []))
    const own = new Set(tablesMade(step))
    return step.script.statements.flatMap(({ text, start }) => {
      const table = tableIndexed(text)
      if (table === undefined || own.has(table) || !inUse.has(table)) return []
      const message = `Nobody can write to ${table}, which an earlier revision made, while the index is built.`
      const help = 'CREATE INDEX CONCURRENTLY, in a revision with "-- transaction: off".'
      return [findingAt(step, start, { rule: 'index-without-concurrently', message, help })]
    })
  })
}

function tooManyHeads({ graph }: History, revisions: readonly Linted[], most: number): LintFinding[] {
  const open = heads(graph)
  if (open.length <= most) return []
  const message = `The history has ${open.length} heads, and ${most} allowed: ${open.join(', ')}.`
  const shown = revisions.filter(({ revision }) => open.includes(revision.id)).slice(-1)
  return shown.map(({ step }) =>
    findingAt(step, 0, { rule: 'too-many-heads', message, help: 'sqlbraid merge' }),
  )
}

function tablesMade({ script }: RunnableStep): string[] {
  return script.statements.flatMap(({ text }) => tableMade(text) ?? [])
}

function deletes({ words }: Statement): boolean {
  return DELETING.test(words.join(' '))
}

const DELETING =
  /^(DROP (TABLE|SCHEMA|DATABASE|SEQUENCE|MATERIALIZED)|TRUNCATE|DELETE|ALTER TABLE\b.* DROP\b(?! (CONSTRAINT|DEFAULT|NOT|IDENTITY|EXPRESSION)\b))/

function changes({ words: [first = ''] }: Statement): boolean {
  return !['SET', 'RESET', 'SHOW', 'SELECT', 'ANALYZE', 'COMMENT'].includes(first)
}
