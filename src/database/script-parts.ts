import { type ServerMessage, StatementError } from '../errors/database-errors.ts'
import { DataChangedError, type FailurePhase, type Place, ScriptRunError } from '../errors/run-errors.ts'
import { type Footing, freedLock } from '../ledger/footing.ts'
import { AFTER_VERIFY, beforeVerify, type ScriptLimits } from '../ledger/transaction.ts'
import { readDataLine } from '../revision/file-data.ts'
import { offsetOfDataLine } from '../script/copy-data.ts'
import { dataAt, type FileData, type GappedText } from '../script/gaps.ts'
import { locate, locateInGap, type Pieces } from '../script/pieces.ts'
import { offsetOfPosition } from '../script/position.ts'
import type { Statement } from '../script/statements.ts'
import type { FirstCell } from './convoy/batch.ts'
import { type Sendable, sendables, sendInOrder } from './send-in-order.ts'
import type { Session } from './session.ts'

/** A script that was read, expanded and split: everything that can be wrong with its text has been found. */
export interface RunnableScript extends GappedText {
  /** Which file each part of `text` came from. */
  readonly pieces: Pieces
  readonly statements: readonly Statement[]
}

/** A statement to send, and what it means when it fails. */
export interface Part extends Sendable {
  /** That of its unit; none for what only opens the transaction. */
  readonly phase: FailurePhase | 'opening'
  /** Where a part that is the user's is written. */
  readonly origin?: Origin
}

interface Origin {
  readonly script: RunnableScript
  readonly statement: Statement
}

/** A script's statements, one part each. */
export function statementParts(script: RunnableScript, phase: FailurePhase): Part[] {
  return sendables(script, script.statements).map((sendable, index) => {
    const statement = script.statements[index]
    return { ...sendable, phase, ...(statement && { origin: { script, statement } }) }
  })
}

/** SQL of our own, one statement in each text. */
export function ownParts(texts: readonly string[], phase: Part['phase']): Part[] {
  return texts.map(text => ({ text, phase }))
}

/** A verify script's statements, between what lets them leave no trace. */
export function verifyParts(script: RunnableScript, limits: ScriptLimits, { reset }: Footing): Part[] {
  return [
    ...ownParts(beforeVerify(reset, limits), 'verify'),
    ...statementParts(script, 'verify').map(part => ({ ...part, isAsked: true })),
    ...ownParts([AFTER_VERIFY], 'verify'),
  ]
}

/** Sends parts as `sendInOrder` does. Throws `ScriptRunError` for the first that fails. */
export async function sendParts(
  session: Session,
  parts: readonly Part[],
): Promise<readonly (FirstCell | undefined)[]> {
  return explaining(parts, sendInOrder(session, parts))
}

/** Sends a part that no transaction can hold, as psql would. Throws `ScriptRunError`. */
export async function sendAlone(session: Session, part: Part): Promise<void> {
  await sendParts(session, [{ ...part, isAlone: true }])
}

/** Gives what `answer` gives, which parts have been sent for; throws `ScriptRunError` for the first that failed. */
export async function explaining<T>(parts: readonly Part[], answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw explainFailure(error, parts) ?? error
  }
}

/** Throws when the first cell of a verify statement's answer is `false`. */
export function requireNotFalse(parts: readonly Part[], answers: readonly (FirstCell | undefined)[]): void {
  const refused = parts.find((_, index) => isFalse(answers[index]))
  if (!refused?.origin) return
  const place = locate(refused.origin.script.pieces, refused.origin.statement.start)
  throw new ScriptRunError('its verify script answered false.', { phase: 'verify', place })
}

const BOOLEAN = 16

function isFalse(cell: FirstCell | undefined): boolean {
  return cell?.type === BOOLEAN && cell.value === 'f'
}

/** The failure of one of the parts, but for those that open the transaction; undefined for any other. */
export function explainFailure(error: unknown, parts: readonly Part[]): ScriptRunError | undefined {
  if (error instanceof DataChangedError) return explainChange(error, parts)
  const part = error instanceof StatementError ? parts[error.textIndex] : undefined
  if (!(error instanceof StatementError) || !part || part.phase === 'opening') return undefined
  const { phase, origin } = part
  const { server } = error
  const place = origin && placeOfError(origin.script, origin.statement, server)
  const message = `${PREFIX[phase]}${freedLock(server) ?? server.message}`
  return new ScriptRunError(message, { phase, server, ...(place && { place }) }, { cause: error })
}

/** The statement whose data are not any more what they were is the one that failed. */
function explainChange(error: DataChangedError, parts: readonly Part[]): ScriptRunError {
  const changed = parts.find(({ origin }) => origin && fileDataOf(origin)?.range === error.range)
  const { script, statement } = changed?.origin ?? {}
  const place = script && statement && locate(script.pieces, statement.start)
  const phase = changed?.phase === 'verify' ? 'verify' : 'script'
  const failure = { phase, ...(place && { place }) } as const
  return new ScriptRunError(error.message, failure, { cause: error })
}

function fileDataOf({ script, statement }: Origin): FileData | undefined {
  return statement.copyData && dataAt(script, statement.copyData.start)
}

function placeOfError(
  script: RunnableScript,
  statement: Statement,
  { position, where }: ServerMessage,
): Place {
  const { start, text, copyData } = statement
  if (position !== undefined) return locate(script.pieces, start + offsetOfPosition(text, position))
  const line = copyData && Number(where?.match(COPY_LINE)?.[1])
  if (!line) return locate(script.pieces, start)
  const data = fileDataOf({ script, statement })
  if (data === undefined) return locate(script.pieces, offsetOfDataLine(script.text, copyData, line))
  return locateInGap(script.pieces, copyData.start, { number: line, text: readDataLine(data, line) })
}

/** How PostgreSQL says, in English, which line of the data it is about. */
const COPY_LINE = /^COPY .*?, line (\d+)/m

const PREFIX: Readonly<Record<FailurePhase, string>> = {
  script: '',
  verify: 'its verify script failed: ',
  bookkeeping: 'the ledger could not be written: ',
  commit: 'at the commit: ',
}
