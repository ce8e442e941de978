import { StatementError } from '../errors/database-errors.ts'
import { type FailurePhase, type ScriptFailure, ScriptRunError } from '../errors/run-errors.ts'
import type { Duration } from '../ledger/bookkeeping.ts'
import {
  afterScript,
  betweenStatements,
  opening,
  RESET,
  type ScriptLimits,
  setLimits,
} from '../ledger/transaction.ts'
import { locate, type Pieces, wholeSource } from '../script/pieces.ts'
import { offsetOfPosition } from '../script/position.ts'
import type { Statement } from '../script/statements.ts'
import type { Cells, Session } from './session.ts'

/** A script that was read, expanded and split: everything that can be wrong with its text has been found. */
export interface RunnableScript {
  readonly text: string
  /** Which file each part of `text` came from. */
  readonly pieces: Pieces
  readonly statements: readonly Statement[]
}

/** What is run and recorded as one. */
export interface Unit {
  readonly script: RunnableScript
  readonly verify?: RunnableScript
  readonly limits: ScriptLimits
  /** SQL that records the script as done, after so long. */
  readonly bookkeeping: (duration: Duration) => readonly string[]
}

/**
 * Runs a unit inside the transaction that is open, commits it, and opens the next transaction when
 * `opensNext` has limits for it. Script, bookkeeping, COMMIT and next BEGIN are one round trip (two with a verify
 * script, whose answers decide). Tells whether a transaction is open afterwards.
 * Throws `ScriptRunError`; the transaction is then still to be rolled back.
 */
export async function runInTransaction(
  session: Session,
  unit: Unit,
  opensNext?: ScriptLimits,
): Promise<boolean> {
  const bookkeeping = afterScript(unit.bookkeeping('since the transaction began'))
  const ending = [bookkeeping, 'commit', ...(opensNext ? opening(opensNext) : [])]
  if (!unit.verify) return await runAndEnd(session, unit.script, ending)
  await runAndEnd(session, unit.script, [])
  await verify(session, unit.verify)
  return await runAndEnd(session, EMPTY, ending)
}

/** What is recorded around a script whose statements commit one by one. */
export interface ProgressBookkeeping {
  /** Statements that an earlier attempt has done; `undefined`: there was none. */
  readonly resumeAfter: number | undefined
  readonly begun: string
  readonly progress: (statementsDone: number) => string
}

/**
 * Runs a unit outside a transaction, one statement after the other, recording each as it is done.
 * Throws `ScriptRunError` with the progress made; the ledger knows it too.
 */
export async function runOutsideTransaction(
  session: Session,
  unit: Unit,
  record: ProgressBookkeeping,
): Promise<void> {
  const { statements } = unit.script
  const started = performance.now()
  let done = record.resumeAfter ?? 0
  try {
    if (record.resumeAfter === undefined) await bookkeep(session, [record.begun])
    await session.query(setLimits(unit.limits, 'set'))
    for (const statement of statements.slice(done)) {
      await sendStatement(session, unit.script, statement)
      await bookkeep(session, [record.progress(++done)])
    }
    if (unit.verify) await verifyAlone(session, unit.verify)
    await bookkeep(session, unit.bookkeeping(performance.now() - started))
  } catch (error) {
    if (!(error instanceof ScriptRunError)) throw error
    const progress = { statementsDone: done, statementsTotal: statements.length }
    throw new ScriptRunError(error.message, { ...error.failure, progress }, { cause: error.cause })
  } finally {
    await session.query(`${RESET}; discard temp`).catch(() => {}) // the error under way says more
  }
}

const EMPTY: RunnableScript = { text: '', pieces: wholeSource({ file: '', text: '' }), statements: [] }

async function runAndEnd(
  session: Session,
  script: RunnableScript,
  ending: readonly string[],
): Promise<boolean> {
  const { statements } = script
  const commit = statements.length + 1
  try {
    await session.pipeline([...statements.map(statement => statement.text), ...ending])
    return ending.length > 2
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
    if (error.textIndex > commit) return await withoutTransaction(session)
    const statement = statements[error.textIndex]
    throw statement
      ? scriptFailure(error, script, statement, 'script')
      : plainFailure(error, error.textIndex === commit ? 'commit' : 'bookkeeping')
  }
}

/** The commit is done, but not all of what should have opened the next transaction. */
async function withoutTransaction(session: Session): Promise<false> {
  await session.query('rollback')
  return false
}

async function sendStatement(session: Session, script: RunnableScript, statement: Statement): Promise<void> {
  try {
    await session.query(statement.text)
  } catch (error) {
    if (error instanceof StatementError) throw scriptFailure(error, script, statement, 'script')
    throw error
  }
}

async function bookkeep(session: Session, bookkeeping: readonly string[]): Promise<void> {
  try {
    await session.query(betweenStatements(bookkeeping))
  } catch (error) {
    if (error instanceof StatementError) throw plainFailure(error, 'bookkeeping')
    throw error
  }
}

async function verifyAlone(session: Session, script: RunnableScript): Promise<void> {
  await session.query('begin')
  try {
    await verify(session, script)
  } finally {
    await session.query('rollback')
  }
}

/** What a verify script does is undone; an error in it, or `false` as the first cell of an answer, is a failure. */
async function verify(session: Session, script: RunnableScript): Promise<void> {
  const texts = script.statements.map(statement => statement.text)
  const answers = await session
    .pipeline(['savepoint sqlbraid_verify', ...texts, 'rollback to savepoint sqlbraid_verify'])
    .catch(error => {
      const statement = error instanceof StatementError ? script.statements[error.textIndex - 1] : undefined
      throw statement ? scriptFailure(error, script, statement, 'verify') : error
    })
  const refused = answers.slice(1, -1).findIndex(answeredFalse)
  const statement = script.statements[refused]
  if (!statement) return
  const place = locate(script.pieces, statement.start)
  throw new ScriptRunError('its verify script answered false.', { phase: 'verify', place })
}

function answeredFalse(rows: readonly Cells[]): boolean {
  return rows[0]?.[0] === false
}

function scriptFailure(
  error: StatementError,
  script: RunnableScript,
  statement: Statement,
  phase: FailurePhase,
) {
  const { position } = error.server
  const offset = position === undefined ? 0 : offsetOfPosition(statement.text, position)
  return failure(error, {
    phase,
    place: locate(script.pieces, statement.start + offset),
    server: error.server,
  })
}

function plainFailure(error: StatementError, phase: FailurePhase): ScriptRunError {
  return failure(error, { phase, server: error.server })
}

function failure(error: StatementError, facts: ScriptFailure): ScriptRunError {
  return new ScriptRunError(`${PREFIX[facts.phase]}${error.server.message}`, facts, { cause: error })
}

const PREFIX: Readonly<Record<FailurePhase, string>> = {
  script: '',
  verify: 'its verify script failed: ',
  bookkeeping: 'the ledger could not be written: ',
  commit: 'at the commit: ',
}
