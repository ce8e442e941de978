import type { KeptScripts, Ledger, LedgerRevision } from '../database/ledger.ts'
import type { RunnableStep } from '../database/runnable-step.ts'
import type { RunnableScript } from '../database/script-parts.ts'
import { ChangedRevisionsError } from '../errors/history-errors.ts'
import { RevisionFilesError } from '../errors/revision-errors.ts'
import { ScriptError } from '../errors/script-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import type { ScriptLimits } from '../ledger/transaction.ts'
import type { Plan, Step } from '../plan/plan.ts'
import { type DataFacts, type GappedText, requireOwners } from '../script/gaps.ts'
import { keptText, readKeptText, statementIdentity } from '../script/kept-text.ts'
import type { LexerOptions } from '../script/lexer.ts'
import { locate } from '../script/pieces.ts'
import { type Statement, splitStatements } from '../script/statements.ts'
import { transactionControl } from '../script/transaction-control.ts'
import type { UnsetReference } from '../script/work.ts'
import { type DownChoice, keptDown, requireDowns } from './kept-down.ts'
import type { ScriptReader, SentScript } from './script-reader.ts'

/** What steps are prepared from, besides the plan. */
export interface Preparation extends DownChoice {
  readonly ledger: Ledger
  readonly scripts: ScriptReader
  readonly onUnsetVariable?: (reference: UnsetReference) => void
  readonly limits: ScriptLimits
  /** What the session says of its string literals. */
  readonly lexer: LexerOptions
}

/**
 * Reads and splits every script of a plan, so that nothing runs before all is known to be runnable.
 * Throws `MissingDownError`, `RevisionFilesError` with all that is wrong, and `ChangedRevisionsError` for a
 * revision that stopped half-way and whose statements up to there are other ones now.
 */
export function prepareSteps(plan: Plan, given: Preparation): RunnableStep[] {
  requireDowns(plan, given)
  const problems: Problem[] = []
  const rows = new Map(given.ledger.revisions.map(row => [row.id, row]))
  const preparation = { ...given, rows }
  const prepared = plan.steps.flatMap(
    step => (step.direction === 'up' ? prepareUp : prepareDown)(step, preparation, problems) ?? [],
  )
  if (problems.length > 0) throw new RevisionFilesError(problems)
  return prepared
}

interface PreparationWithRows extends Preparation {
  /** Of the ledger, by revision. */
  readonly rows: ReadonlyMap<string, LedgerRevision>
}

function prepareDown(
  step: Step,
  preparation: PreparationWithRows,
  problems: Problem[],
): RunnableStep | undefined {
  const { history, scripts, lexer } = preparation
  const file = history.revisions.get(step.revision)?.parts.down
  const down = keptDown(step, preparation) ?? (file === undefined ? undefined : scripts.read(file, lexer))
  return down && { ...prepareScript(step, down, preparation, problems), direction: 'down' }
}

function prepareUp(
  step: Step,
  preparation: PreparationWithRows,
  problems: Problem[],
): RunnableStep | undefined {
  const { history, scripts, lexer } = preparation
  const revision = history.revisions.get(step.revision)
  if (!revision) return undefined
  const { parts } = revision
  const up = scripts.read(parts.up, lexer)
  const down = parts.down === undefined ? undefined : scripts.read(parts.down, lexer)
  const prepared = prepareScript(step, up, preparation, problems)
  problems.push(...(down?.problems ?? []))
  const verify = parts.verify === undefined ? undefined : scripts.read(parts.verify, lexer)
  for (const reference of verify?.unset ?? []) preparation.onUnsetVariable?.(reference)
  return {
    ...prepared,
    direction: 'up',
    isNew: up.transaction === 'on' && !preparation.rows.has(step.revision),
    ...(verify && { verify: runnable(verify, lexer, problems) }),
    entry: {
      ...revision,
      checksum: up.checksum(),
      upScript: keptText(up),
      ...(down && { downScript: keptText(down) }),
    },
  }
}

/** What running a script takes, whichever way it goes. */
function prepareScript(step: Step, main: SentScript, preparation: PreparationWithRows, problems: Problem[]) {
  const { history, limits, keptScripts, lexer } = preparation
  const { revision } = step
  for (const reference of main.unset) preparation.onUnsetVariable?.(reference)
  const script = runnable(main, lexer, problems)
  const row = preparation.rows.get(revision)
  return {
    revision,
    message: history.revisions.get(revision)?.message ?? row?.message ?? '',
    script,
    echoes: main.echoes,
    transaction: main.transaction,
    limits: limitsOf(main, limits),
    ...resumption(row, step, main, script, keptScripts.get(revision), lexer),
  }
}

/** What a script's header says goes before the settings. */
function limitsOf({ header }: SentScript, limits: ScriptLimits): ScriptLimits {
  return {
    lockTimeout: header.lock_timeout ?? limits.lockTimeout,
    statementTimeout: header.statement_timeout ?? limits.statementTimeout,
  }
}

function runnable(script: SentScript, lexer: LexerOptions, problems: Problem[]): RunnableScript {
  const { text, pieces, gaps = [] } = script
  const problemAt = (code: string, message: string, offset: number) => {
    const { file, line, column } = locate(pieces, offset)
    problems.push({ code, message, file, line, column })
  }
  problems.push(...script.problems)
  if (script.problems.length > 0) return { text, pieces, gaps, statements: [] }
  try {
    const statements = script.statements ?? splitStatements(text, lexer)
    requireOwners(script, statements)
    for (const statement of statements) {
      const control = transactionControl(statement)
      if (control !== undefined) problemAt('TRANSACTION_CONTROL', transactionRule(control), statement.start)
    }
    return { text, pieces, gaps, statements }
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    problemAt(error.code, error.message, error.offset)
    return { text, pieces, gaps, statements: [] }
  }
}

function transactionRule(control: string): string {
  return `${control} cannot stand in a revision: sqlbraid begins and ends its transaction (or none, with "-- transaction: off").`
}

/** Statements that are done are not run again, if they are still the same ones. */
function resumption(
  row: LedgerRevision | undefined,
  { direction }: Step,
  { file }: SentScript,
  script: RunnableScript,
  kept: KeptScripts | undefined,
  lexer: LexerOptions,
): { readonly resumeAfter?: number } {
  if (row?.pending?.direction !== direction) return {}
  const { statementsDone } = row.pending
  const before = readKeptText((direction === 'up' ? kept?.up : kept?.down) ?? '')
  const identityIn = (text: GappedText<DataFacts>) => (each: Statement) => statementIdentity(text, each)
  const done = splitStatements(before.text, lexer).slice(0, statementsDone).map(identityIn(before))
  const now = script.statements.map(identityIn(script))
  if (done.some((text, index) => text !== now[index])) throw new ChangedRevisionsError([{ id: row.id, file }])
  return { resumeAfter: statementsDone }
}
