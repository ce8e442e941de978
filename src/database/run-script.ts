import { type ServerMessage, StatementError } from '../errors/database-errors.ts'
import { type FailurePhase, ScriptRunError } from '../errors/run-errors.ts'
import { offsetOfDataLine } from '../script/copy-data.ts'
import { locate, type Pieces } from '../script/pieces.ts'
import { offsetOfPosition } from '../script/position.ts'
import type { Statement } from '../script/statements.ts'
import { type Sendable, sendables, sendInOrder } from './send-in-order.ts'
import type { Cells, Session } from './session.ts'
import {
  afterScript,
  betweenStatements,
  continuing,
  opening,
  RESET,
  type ScriptLimits,
  setLimits,
} from './transaction.ts'

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
  /** SQL that records the script as done, after so long; where it runs in a transaction, its owner knows since when. */
  readonly bookkeeping: (duration?: number) => readonly string[]
}

/** What comes behind a unit. */
export interface Sequel {
  /** Whether the unit commits, or leaves that to a later one. */
  readonly commits: boolean
  /** Of the unit that runs next in a transaction. */
  readonly nextLimits?: ScriptLimits
}

/**
 * Runs a unit inside the transaction that is open, and goes on as its sequel says. Script, bookkeeping, COMMIT and next
 * BEGIN are one round trip (two with a verify script, whose answers decide). Tells whether a transaction is open
 * afterwards. Throws `ScriptRunError`; the transaction is then still to be rolled back.
 */
export async function runInTransaction(session: Session, unit: Unit, sequel: Sequel): Promise<boolean> {
  const script = statementParts(unit.script, 'script')
  if (!unit.verify) return sendAndEnd(session, [...script, ...endingParts(unit, sequel)], sequel)
  const parts = [...script, ...verifyParts(unit.verify, unit.limits)]
  requireNotFalse(parts, await send(session, parts))
  return sendAndEnd(session, endingParts(unit, sequel), sequel)
}

/** What is recorded around a script whose statements commit one by one. */
export interface ProgressBookkeeping {
  /** How many statements an earlier attempt has done. */
  readonly resumeAfter: number
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
  let done = record.resumeAfter
  try {
    await bookkeep(session, [record.begun])
    await session.query(setLimits(unit.limits, 'set'))
    for (const part of statementParts(unit.script, 'script').slice(done)) {
      await send(session, [part])
      await bookkeep(session, [record.progress(++done)])
    }
    if (unit.verify) await verifyAlone(session, unit.verify, unit.limits)
    await bookkeep(session, unit.bookkeeping(performance.now() - started))
  } catch (error) {
    if (!(error instanceof ScriptRunError)) throw error
    const progress = { statementsDone: done, statementsTotal: statements.length }
    throw new ScriptRunError(error.message, { ...error.failure, progress }, { cause: error.cause })
  } finally {
    await session.query(`${RESET}; discard temp`).catch(() => {}) // the error under way says more
  }
}

/** A text of a unit, and what it means when it fails. */
interface Part extends Sendable {
  readonly phase: FailurePhase
  /** Where a part that is the user's is written. */
  readonly origin?: { readonly script: RunnableScript; readonly statement: Statement }
}

function statementParts(script: RunnableScript, phase: FailurePhase): Part[] {
  const { text, statements } = script
  return sendables(text, statements).map((sendable, index) => {
    const statement = statements[index]
    return { ...sendable, phase, ...(statement && { origin: { script, statement } }) }
  })
}

/** What a verify script does is undone, and it starts from the session's own settings, as any script. */
function verifyParts(script: RunnableScript, limits: ScriptLimits): Part[] {
  return [
    {
      text: `savepoint sqlbraid_verify; ${RESET}; ${setLimits(limits, 'set local')}`,
      phase: 'verify',
    },
    ...statementParts(script, 'verify'),
    { text: 'rollback to savepoint sqlbraid_verify', phase: 'verify' },
  ]
}

function endingParts(unit: Unit, { commits, nextLimits }: Sequel): Part[] {
  const recorded = afterScript(unit.bookkeeping())
  if (commits) {
    return [
      { text: recorded, phase: 'bookkeeping' },
      { text: 'commit', phase: 'commit' },
    ]
  }
  const text = nextLimits ? `${recorded};\n${continuing(nextLimits)}` : recorded
  return [{ text, phase: 'bookkeeping' }]
}

async function send(session: Session, parts: readonly Part[]): Promise<readonly (readonly Cells[])[]> {
  try {
    return await sendInOrder(session, parts)
  } catch (error) {
    throw explained(error, parts) ?? error
  }
}

async function sendAndEnd(
  session: Session,
  parts: readonly Part[],
  { commits, nextLimits }: Sequel,
): Promise<boolean> {
  const next = commits && nextLimits ? opening(nextLimits) : []
  try {
    await sendInOrder(session, [...parts, ...next.map(text => ({ text }))])
    return nextLimits !== undefined
  } catch (error) {
    const failure = explained(error, parts)
    if (failure) throw failure
    if (!(error instanceof StatementError)) throw error
    await session.query('rollback') // committed, but not all of what should have opened the next transaction
    return false
  }
}

async function bookkeep(session: Session, bookkeeping: readonly string[]): Promise<void> {
  await send(session, [{ text: betweenStatements(bookkeeping), phase: 'bookkeeping' }])
}

async function verifyAlone(session: Session, script: RunnableScript, limits: ScriptLimits): Promise<void> {
  const parts = verifyParts(script, limits)
  await session.query('begin')
  try {
    requireNotFalse(parts, await send(session, parts))
  } finally {
    await session.query('rollback')
  }
}

/** Throws when the first cell of a verify statement's answer is `false`. */
function requireNotFalse(parts: readonly Part[], answers: readonly (readonly Cells[])[]): void {
  const refused = parts.find(({ phase }, index) => phase === 'verify' && answers[index]?.[0]?.[0] === false)
  if (!refused?.origin) return
  const place = locate(refused.origin.script.pieces, refused.origin.statement.start)
  throw new ScriptRunError('its verify script answered false.', { phase: 'verify', place })
}

/** The failure of one of the parts; undefined for any other. */
function explained(error: unknown, parts: readonly Part[]): ScriptRunError | undefined {
  const part = error instanceof StatementError ? parts[error.textIndex] : undefined
  if (!(error instanceof StatementError) || !part) return undefined
  const { phase, origin } = part
  const { server } = error
  const place = origin && locate(origin.script.pieces, offsetOfError(origin.script, origin.statement, server))
  const message = `${PREFIX[phase]}${server.message}`
  return new ScriptRunError(message, { phase, server, ...(place && { place }) }, { cause: error })
}

function offsetOfError(
  { text }: RunnableScript,
  statement: Statement,
  { position, where }: ServerMessage,
): number {
  if (position !== undefined) return statement.start + offsetOfPosition(statement.text, position)
  const line = statement.copyData && where?.match(COPY_LINE)?.[1]
  return line ? offsetOfDataLine(text, statement.copyData, Number(line)) : statement.start
}

/** How PostgreSQL says, in English, which line of the data it is about. */
const COPY_LINE = /^COPY .*?, line (\d+)/m

const PREFIX: Readonly<Record<FailurePhase, string>> = {
  script: '',
  verify: 'its verify script failed: ',
  bookkeeping: 'the ledger could not be written: ',
  commit: 'at the commit: ',
}
