import type { ServerMessage } from '../errors/database-errors.ts'
import { afterScript, continuing, opening, type ScriptLimits } from '../ledger/transaction.ts'
import {
  explaining,
  ownParts,
  type Part,
  type RunnableScript,
  requireNotFalse,
  sendParts,
  verifyParts,
} from './script-parts.ts'
import { travelTogether } from './send-in-order.ts'
import type { SentStatements, Session } from './session.ts'
import type { Turn } from './turn.ts'

/** What is run and recorded as one. */
export interface Unit {
  /** The statements of the script. */
  readonly parts: readonly Part[]
  readonly verify?: RunnableScript
  readonly limits: ScriptLimits
  readonly turn: Turn
  /** Whether its transaction begins with it, or with a unit before. */
  readonly begins: boolean
  /** Whether its transaction is committed with it. */
  readonly commits: boolean
  /** SQL that records the script as done, after so long; where it runs in a transaction, its owner knows since when. */
  readonly bookkeeping: (duration?: number) => readonly string[]
}

/** A unit that was sent in one piece, with all that its transaction needs of it. */
export interface SentUnit {
  readonly parts: readonly Part[]
  readonly sent: SentStatements
  /** From now on the server's notices are told, those first that came before. */
  readonly tellNotices: () => void
  /** What was sent behind it at once. */
  readonly following?: SentUnit | undefined
}

/** What may be sent behind a unit. */
export interface NextUnit {
  /** Undefined when nothing is to follow by itself. */
  readonly send: (before: SentStatements) => SentUnit | undefined
  /** Whether it need not wait until the script before it has run. */
  readonly isSentAtOnce: boolean
}

/**
 * Runs a unit; its script, its bookkeeping and what begins and ends the transaction are one round trip (two with a verify
 * script, whose answers decide). `next` is sent when the script has run, so that the server needs not wait for it, and is
 * passed over when the rest fails. Takes a unit that was sent so before, and gives the next one. Throws `ScriptRunError`,
 * and `StatementError` when the transaction did not open; it is then still to be rolled back.
 */
export async function runInTransaction(
  session: Session,
  unit: Unit,
  { ahead, next }: { readonly ahead: SentUnit | undefined; readonly next: NextUnit | undefined },
): Promise<SentUnit | undefined> {
  if (!isSentWhole(unit)) {
    await runInPieces(session, unit)
    return undefined
  }
  const { parts, sent, following } = ahead ?? sendWhole(unit, session.send, { isLast: next === undefined })
  const sentAtOnce = following ?? (next?.isSentAtOnce ? next.send(sent) : undefined)
  await explaining(parts, sent.begun)
  const sentNext = sentAtOnce ?? next?.send(sent)
  await explaining(parts, sent.done)
  return sentNext
}

/** Whether all of a unit can be sent before anything of it is answered. */
export function isSentWhole({ parts, verify }: Unit): boolean {
  return verify === undefined && travelTogether(parts)
}

/** Sends a unit; `send` is that of the session, or of what it is to follow. */
export function sendWhole(
  unit: Unit,
  send: SentStatements['follow'],
  options: { readonly isLast: boolean; readonly onNotice?: (notice: ServerMessage) => void },
): SentUnit {
  const before = [...openingParts(unit), ...unit.parts]
  const parts = [...before, ...endingParts(unit)]
  return { parts, sent: send(parts, { flushAfter: before.length, ...options }), tellNotices: () => {} }
}

async function runInPieces(session: Session, unit: Unit): Promise<void> {
  const script = [...openingParts(unit), ...unit.parts]
  const ending = endingParts(unit)
  if (!unit.verify) {
    await sendParts(session, [...script, ...ending])
    return
  }
  const parts = [...script, ...verifyParts(unit.verify, unit.limits, unit.turn.footing)]
  requireNotFalse(parts, await sendParts(session, parts))
  await sendParts(session, ending)
}

/** What lies between two transactions is done in one of its own: statements that are sent together commit nothing else. */
export function openingParts({ limits, begins, turn: { footing } }: Unit): Part[] {
  if (!begins) return ownParts(continuing(limits, footing), 'opening')
  const between = footing.between.flatMap(text => ['begin', text, 'commit'])
  return ownParts([...between, ...opening(limits, footing)], 'opening')
}

function endingParts({ bookkeeping, commits, turn: { footing } }: Unit): Part[] {
  const recorded = ownParts(afterScript(bookkeeping(), footing), 'bookkeeping')
  return commits ? [...recorded, { text: 'commit', phase: 'commit' }] : recorded
}
