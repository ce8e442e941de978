import {
  type Duration,
  type LedgerEntry,
  type PsqlVariable,
  type RunIdentity,
  recordDownBegun,
  recordProgress,
  recordUpBegun,
} from '../ledger/bookkeeping.ts'
import { OWN_SESSION } from '../ledger/footing.ts'
import { recordDone } from '../ledger/step-bookkeeping.ts'
import {
  AFTER_VERIFY,
  afterScript,
  beforeVerify,
  betweenStatements,
  continuing,
  opening,
  type ScriptLimits,
  setLimits,
} from '../ledger/transaction.ts'
import type { TransactionMode } from '../revision/revision.ts'
import { type GappedText, joinTexts } from '../script/gaps.ts'
import { keptText } from '../script/kept-text.ts'
import type { LexerOptions } from '../script/lexer.ts'
import { psqlArgument, psqlStatement } from '../script/psql-text.ts'
import type { Statement } from '../script/statements.ts'
import type { Plan } from './plan.ts'
import { type ExpectedRevision, releaseLock, requireState, takeLock } from './sql-script-guard.ts'
import { failingWhereFalse, isQuery } from './sql-script-verify.ts'

/** A script whose statements are known. */
export interface SplitScript extends GappedText {
  readonly statements: readonly Statement[]
}

/** A step of a plan with the texts that it runs and records. */
export type ScriptedStep = ScriptedWay & {
  readonly revision: string
  readonly message: string
  readonly script: SplitScript
  readonly verify?: SplitScript
  readonly transaction: TransactionMode
  readonly limits: ScriptLimits
  /** Statements done by an attempt that did not finish. */
  readonly resumeAfter?: number
}

type ScriptedWay = { readonly direction: 'up'; readonly entry: LedgerEntry } | { readonly direction: 'down' }

/** What a script for psql is about, besides its steps. */
export interface SqlScriptOptions {
  /** What was asked for. */
  readonly action: string
  readonly schema: string
  readonly toolVersion: string
  /** All that the ledger must hold when the script starts. */
  readonly expected: readonly ExpectedRevision[]
  /** How long the script tries to get the lock, in milliseconds. */
  readonly lockWait: number
  /** One transaction for each revision, or one for all. */
  readonly transaction: 'each' | 'all'
  /** How the scripts were split. */
  readonly lexer: LexerOptions
}

/**
 * Writes the script that does, run by psql, what running the steps would do: it takes the same lock, fails unless
 * the ledger is exactly in the state that the plan starts from, and keeps the same books. The same plan gives the
 * same bytes. Data that were left in their files leave gaps in it as well.
 */
export function sqlScript(plan: Plan, steps: readonly ScriptedStep[], options: SqlScriptOptions): GappedText {
  const { action, schema, toolVersion, expected, lockWait, transaction, lexer } = options
  const about = [
    `-- sqlbraid ${toolVersion}: ${action} ${plan.target}`,
    `-- from ${plan.headsBefore.join(', ') || 'base'} to ${plan.headsAfter.join(', ') || 'base'}`,
  ]
  if (steps.length === 0) return { text: `${about.join('\n')}\n-- There is nothing to do.\n` }
  const context: Context = { schema, lexer, identity: { ...PSQL_IDENTITY, toolVersion } }
  const parts: Written[] = [
    [...about, '-- Run it with: psql -X -f FILE\n'].join('\n'),
    PREAMBLE,
    sql(takeLock(schema, lockWait)),
    sql(requireState(schema, expected)),
    ...(transaction === 'all'
      ? inOneTransaction(steps, context)
      : steps.map(step => ofItsOwn(step, context))),
    sql(releaseLock(schema)),
  ]
  return joinTexts(parts, '\n')
}

type Written = GappedText | string

/** How the steps are written and recorded. */
interface Context extends Pick<SqlScriptOptions, 'schema' | 'lexer'> {
  readonly identity: RunIdentity
}

const STARTED: PsqlVariable = { psqlVariable: 'sqlbraid_started' }

const PSQL_IDENTITY = {
  runId: { psqlVariable: 'sqlbraid_run_id' },
  osUser: { psqlVariable: 'sqlbraid_os_user' },
  host: { psqlVariable: 'sqlbraid_host' },
}

// RESET ALL puts back the encoding that psql was started with.
const UTF8 = "set client_encoding = 'UTF8'"

const PREAMBLE = `\\set ON_ERROR_STOP on
\\set ON_ERROR_ROLLBACK off
\\set AUTOCOMMIT on
\\set sqlbraid_os_user \`whoami\`
\\set sqlbraid_host \`hostname\`
${UTF8};
select gen_random_uuid() as sqlbraid_run_id \\gset
`

function ofItsOwn(step: ScriptedStep, context: Context): GappedText {
  if (step.transaction === 'off') return outsideTransaction(step, context)
  return joinTexts([
    title(step),
    sql(...OWN_SESSION.between, ...opening(step.limits)),
    ...inTransaction(step, context, 'since the transaction began'),
    sql('commit'),
  ])
}

function inOneTransaction(steps: readonly ScriptedStep[], context: Context): Written[] {
  const each = steps.map(step => [
    title(step),
    sql(...continuing(step.limits), UTF8),
    ...inTransaction(step, context, 'since the last event of the run'),
  ])
  return [sql('begin'), ...each.map(parts => joinTexts(parts)), sql('commit')]
}

function inTransaction(step: ScriptedStep, context: Context, duration: Duration): Written[] {
  return [
    ...step.script.statements.map(statement => psqlStatement(step.script, statement, context.lexer)),
    ...verification(step, context),
    sql(...afterScript([UTF8, ...recordDone(context.schema, step, context.identity, duration)])),
  ]
}

function outsideTransaction(step: ScriptedStep, context: Context): GappedText {
  const { schema, identity } = context
  const { revision, script, limits, resumeAfter = 0 } = step
  const begun =
    step.direction === 'up'
      ? recordUpBegun(schema, step.entry, identity)
      : recordDownBegun(schema, revision, keptText(script), resumeAfter, identity)
  const statements = script.statements.map((statement, index) => [
    psqlStatement(script, statement, context.lexer),
    sql(...betweenStatements([recordProgress(schema, revision, index + 1)])),
  ])
  return joinTexts([
    title(step),
    `select clock_timestamp() as ${STARTED.psqlVariable} \\gset\n`,
    sql(...betweenStatements([begun])),
    sql(...setLimits(limits, 'set')),
    ...statements.slice(resumeAfter).flat(),
    ...(step.verify ? [sql('begin'), ...verification(step, context), sql('rollback')] : []),
    sql(...betweenStatements(recordDone(context.schema, step, context.identity, { since: STARTED }))),
    sql(...OWN_SESSION.reset, UTF8, 'discard temp'),
  ])
}

function verification({ revision, verify, limits }: ScriptedStep, { lexer }: Context): Written[] {
  if (verify === undefined) return []
  return [
    sql(...beforeVerify([...OWN_SESSION.reset, UTF8], limits)),
    ...verify.statements.map(statement =>
      isQuery(statement) ? failingWhereFalse(statement, revision) : psqlStatement(verify, statement, lexer),
    ),
    sql(AFTER_VERIFY),
  ]
}

function title({ direction, revision, message }: ScriptedStep): string {
  return `\\echo ${psqlArgument(`${direction} ${revision} ${message}`.trimEnd())}\n`
}

/** Statements, each on a line of its own. */
function sql(...statements: readonly string[]): string {
  return `${statements.join(';\n')};\n`
}
