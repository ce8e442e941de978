import { ScriptRunError } from '../errors/run-errors.ts'
import { betweenStatements, RESET, setLimits, withinStatement } from '../ledger/transaction.ts'
import { indexBuiltConcurrently } from '../script/index-statement.ts'
import { clearIndexRemains, type IndexBuildProgress } from './index-build.ts'
import { type Patience, withRetries } from './patience.ts'
import type { Unit } from './run-in-transaction.ts'
import { type Part, requireNotFalse, sendParts, statementParts, verifyParts } from './script-parts.ts'
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
 * Throws `ScriptRunError` with the progress made; the ledger knows it too.
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
  try {
    await bookkeep(session, [record.begun])
    await session.query(setLimits(unit.limits, 'set'))
    await sendParts(session, parts.slice(0, first).filter(changesSettings))
    for (const part of parts.slice(first)) {
      const isResumed = record.resumeAfter !== undefined && done === first
      if (!isResumed || !(await isBuiltAlready(session, part, options)))
        await runStatement(session, part, record.progress(done + 1), options.patience)
      else await bookkeep(session, [record.progress(done + 1)])
      done++
    }
    if (unit.verify) await verifyAlone(session, unit)
    await bookkeep(session, unit.bookkeeping(performance.now() - started))
  } catch (error) {
    if (!(error instanceof ScriptRunError)) throw error
    const progress = { statementsDone: done, statementsTotal: parts.length }
    throw new ScriptRunError(error.message, { ...error.failure, progress }, { cause: error.cause })
  } finally {
    await session.query(`${RESET}; discard temp`).catch(() => {}) // the error under way says more
  }
}

function changesSettings({ origin }: Part): boolean {
  return ['SET', 'RESET'].includes(origin?.statement.words[0] ?? '')
}

/** An index that the stopped attempt completed, or another session did meanwhile; a broken one is dropped. */
async function isBuiltAlready(
  session: Session,
  { text }: Part,
  { onIndexBuild }: OutsideOptions,
): Promise<boolean> {
  const index = indexBuiltConcurrently(text)
  return index !== undefined && (await clearIndexRemains(session, index, onIndexBuild)) === 'valid'
}

async function runStatement(
  session: Session,
  part: Part,
  recorded: string,
  patience: Patience,
): Promise<void> {
  const isAlone =
    indexBuiltConcurrently(part.text) !== undefined ||
    !(await runsInTransaction(session, part, recorded, patience))
  if (!isAlone) return
  await sendParts(session, [part])
  await bookkeep(session, [recorded])
}

/** Tells whether the statement could be run, and recorded, in a transaction; if not, nothing has happened. */
async function runsInTransaction(
  session: Session,
  part: Part,
  recorded: string,
  patience: Patience,
): Promise<boolean> {
  try {
    await withRetries(session, patience, async () => {
      await session.query('begin read write')
      await sendParts(session, [
        part,
        { text: withinStatement([recorded]), phase: 'bookkeeping' },
        { text: 'commit', phase: 'commit' },
      ])
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

/** active_sql_transaction (VACUUM, …), invalid_transaction_termination (a procedure that commits). */
const NO_TRANSACTION_ALLOWED = ['25001', '2D000']

async function bookkeep(session: Session, bookkeeping: readonly string[]): Promise<void> {
  await sendParts(session, [{ text: betweenStatements(bookkeeping), phase: 'bookkeeping' }])
}

async function verifyAlone(session: Session, { verify, limits }: Unit): Promise<void> {
  if (!verify) return
  const parts = verifyParts(verify, limits)
  await session.query('begin')
  try {
    requireNotFalse(parts, await sendParts(session, parts))
  } finally {
    await session.query('rollback')
  }
}
