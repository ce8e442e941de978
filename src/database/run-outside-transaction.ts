import { LedgerMovedError } from '../errors/database-errors.ts'
import { ScriptRunError } from '../errors/run-errors.ts'
import { LEDGER_MOVED } from '../ledger/footing.ts'
import { afterScript, betweenStatements, setLimits, withinStatement } from '../ledger/transaction.ts'
import { indexBuiltConcurrently } from '../script/index-statement.ts'
import { clearIndexRemains, type IndexBuildProgress } from './index-build.ts'
import { runLoneStatement } from './lone-statement.ts'
import { type Patience, withRetries } from './patience.ts'
import type { Unit } from './run-in-transaction.ts'
import {
  explainFailure,
  type Part,
  requireNotFalse,
  sendParts,
  statementParts,
  verifyParts,
} from './script-parts.ts'
import type { Session } from './session.ts'

/** What is recorded around a script whose statements commit one by one. */
export interface ProgressBookkeeping {
  /** How many statements an earlier attempt has done; undefined when there was none. */
  readonly resumeAfter: number | undefined
  readonly begun: string
  readonly progress: (statementsDone: number) => string
}

/** How such a run deals with what others do. */
export interface OutsideOptions {
  readonly patience: Patience
  /** An index that a stopped attempt began is still being built. */
  readonly onIndexBuild: (progress: IndexBuildProgress) => void
}

/**
 * Runs a unit outside a transaction, one statement after the other. Each commits together with the record that it is
 * done, and only where PostgreSQL allows no transaction (as for CREATE INDEX CONCURRENTLY) is it recorded afterwards.
 * Where it resumes, the settings that the done statements made are made again.
 * Throws `ScriptRunError` with the progress made, which the ledger knows too, and `LedgerMovedError` when another run has
 * taken over.
 */
export async function runOutsideTransaction(
  session: Session,
  unit: Unit,
  record: ProgressBookkeeping,
  options: OutsideOptions,
): Promise<void> {
  const started = performance.now()
  const parts = statementParts(unit.script, 'script')
  const first = record.resumeAfter ?? 0
  let done = first
  const { footing } = unit.turn
  try {
    await begin(session, unit, record.begun)
    const settings = parts.slice(0, first).filter(changesSettings)
    if (footing.keepsSession) await makeSettings(session, unit, settings)
    await whileClaimed(session, unit, async () => {
      for (const part of parts.slice(first)) {
        const isResumed = record.resumeAfter !== undefined && done === first
        const recorded = record.progress(done + 1)
        if (isResumed && (await isBuiltAlready(session, unit, part, options)))
          await bookkeep(session, unit, [recorded])
        else await runStatement(session, unit, { settings, part, recorded }, options.patience)
        if (changesSettings(part)) settings.push(part)
        done++
      }
      if (unit.verify) await verifyAlone(session, unit)
      await bookkeep(session, unit, unit.bookkeeping(performance.now() - started))
    })
  } catch (error) {
    if (!(error instanceof ScriptRunError)) throw error
    const progress = { statementsDone: done, statementsTotal: parts.length }
    throw new ScriptRunError(error.message, { ...error.failure, progress }, { cause: error.cause })
  } finally {
    if (footing.keepsSession)
      await session.query([...footing.reset, ...footing.between].join('; ')).catch(() => {}) // the error under way says more
  }
}

async function begin(session: Session, { turn, limits }: Unit, begun: string): Promise<void> {
  await turn.open(session, limits)
  await sendParts(session, [
    { text: afterScript([begun], turn.footing), phase: 'bookkeeping' },
    { text: 'commit', phase: 'commit' },
  ])
}

/** What fails because another run has taken over is no failure of the script. */
async function whileClaimed(session: Session, unit: Unit, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof ScriptRunError) || (await isClaimed(session, unit))) throw error
    throw new LedgerMovedError({ cause: error })
  }
}

async function isClaimed(session: Session, unit: Unit): Promise<boolean> {
  if (unit.turn.footing.claim.length === 0) return true
  try {
    await session.query('rollback')
    await bookkeep(session, unit, [])
    return true
  } catch (error) {
    if (!(error instanceof ScriptRunError)) throw error
    await session.query('rollback')
    return error.failure.server?.sqlState !== LEDGER_MOVED
  }
}

async function makeSettings(session: Session, { limits }: Unit, settings: readonly Part[]): Promise<void> {
  await session.query(setLimits(limits, 'set'))
  await sendParts(session, settings)
}

function changesSettings({ origin }: Part): boolean {
  return ['SET', 'RESET'].includes(origin?.statement.words[0] ?? '')
}

/** An index that the stopped attempt completed, or another session did meanwhile; a broken one is dropped. */
async function isBuiltAlready(
  session: Session,
  { turn }: Unit,
  part: Part,
  { onIndexBuild: onProgress }: OutsideOptions,
): Promise<boolean> {
  const index = indexBuiltConcurrently(part.text)
  if (index === undefined) return false
  try {
    return (await clearIndexRemains(session, index, { claim: turn.footing.claim, onProgress })) === 'valid'
  } catch (error) {
    throw explainFailure(error, [part]) ?? error
  }
}

/** One statement of a script, with those before it that have changed settings. */
interface ScriptStatement {
  readonly settings: readonly Part[]
  readonly part: Part
  /** SQL that records it as done. */
  readonly recorded: string
}

async function runStatement(
  session: Session,
  unit: Unit,
  statement: ScriptStatement,
  patience: Patience,
): Promise<void> {
  const { part, recorded } = statement
  const isAlone =
    indexBuiltConcurrently(part.text) !== undefined ||
    !(await runsInTransaction(session, unit, statement, patience))
  if (!isAlone) return
  if (unit.turn.footing.keepsSession) await sendParts(session, [part])
  else {
    await bookkeep(session, unit, []) // fails when the revision is no more the run's
    await runLoneStatement(session, part, { limits: unit.limits, onBlocked: patience.onBlocked })
  }
  await bookkeep(session, unit, [recorded])
}

/** Tells whether the statement could be run, and recorded, in a transaction; if not, nothing has happened. */
async function runsInTransaction(
  session: Session,
  unit: Unit,
  statement: ScriptStatement,
  patience: Patience,
): Promise<boolean> {
  const parts = inTransaction(unit, statement)
  try {
    await withRetries(session, patience, async () => {
      await session.query('begin read write')
      await sendParts(session, parts)
    })
    return true
  } catch (error) {
    const sqlState = error instanceof ScriptRunError ? error.failure.server?.sqlState : undefined
    if (sqlState === undefined) throw error
    await session.query('rollback')
    if (NO_TRANSACTION_ALLOWED.includes(sqlState)) return false
    throw error
  }
}

/** Where the session keeps no settings, each transaction makes them anew and leaves none behind. */
function inTransaction({ turn: { footing }, limits }: Unit, statement: ScriptStatement): Part[] {
  const { settings, part, recorded } = statement
  const commit = { text: 'commit', phase: 'commit' } as const
  if (footing.keepsSession)
    return [part, { text: withinStatement([recorded], footing), phase: 'bookkeeping' }, commit]
  const own = [...footing.identity, setLimits(limits, 'set local'), ...footing.claim].join('; ')
  const books = { text: afterScript([recorded], footing), phase: 'bookkeeping' } as const
  return [{ text: own, phase: 'script' }, ...settings, part, books, commit]
}

/** active_sql_transaction (VACUUM, …), invalid_transaction_termination (a procedure that commits). */
const NO_TRANSACTION_ALLOWED = ['25001', '2D000']

async function bookkeep(session: Session, { turn }: Unit, bookkeeping: readonly string[]): Promise<void> {
  await sendParts(session, [{ text: betweenStatements(bookkeeping, turn.footing), phase: 'bookkeeping' }])
}

async function verifyAlone(session: Session, { verify, limits, turn }: Unit): Promise<void> {
  if (!verify) return
  const { claim } = turn.footing
  const claimed: Part[] = claim.length > 0 ? [{ text: claim.join('; '), phase: 'verify' }] : []
  const parts = [...claimed, ...verifyParts(verify, limits, turn.footing)]
  await session.query('begin')
  try {
    requireNotFalse(parts, await sendParts(session, parts))
  } finally {
    await session.query('rollback')
  }
}
