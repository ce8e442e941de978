import { type ServerMessage, StatementError } from '../errors/database-errors.ts'
import { ScriptRunError } from '../errors/run-errors.ts'
import { type GroupRecord, groupRecord } from '../ledger/step-bookkeeping.ts'
import { afterScript } from '../ledger/transaction.ts'
import { cancelOnAbort } from './cancel-on-abort.ts'
import { forgetPrepared } from './forget-prepared.ts'
import { type HeldBack, heldBack } from './held-back.ts'
import { openingParts, type Unit } from './run-in-transaction.ts'
import type { RunOptions } from './run-options.ts'
import type { RunnableUp } from './runnable-step.ts'
import { explaining, ownParts, type Part } from './script-parts.ts'
import type { SentStatements, Session } from './session.ts'

/** A step that may be committed together with those before and behind it. */
export interface GroupedStep {
  readonly step: RunnableUp
  readonly unit: Unit
}

/** How a group came to its end. */
export interface GroupEnd {
  /** How long each of the steps took that are committed now, those at the beginning of the group, in milliseconds. */
  readonly durations: readonly number[]
  /** Why the next step is not among them, or why recording these failed: it is to be tried by itself, as if it had not been. */
  readonly failure?: ScriptRunError | StatementError | undefined
}

/**
 * Runs steps in one transaction and commits them together, as many of them as come to their end in a short time; a step
 * that fails undoes only itself. So a new database is built with a fraction of the commits, and its ledger written with a
 * fraction of the statements. `onStarted` is told the position of the step that runs, the listener of steps that are
 * committed. Throws `SessionLostError`: nothing of the group is committed then, unless that was the last that was asked.
 */
export async function runGroup(
  session: Session,
  group: readonly GroupedStep[],
  options: RunOptions,
  onStarted: (position: number) => void,
): Promise<GroupEnd> {
  const record = groupRecord(options.schema, options.identity)
  const { ran, failure } = await cancelOnAbort(session, options.interruption?.cancel, () =>
    runScripts(session, group, options, { onStarted, record }),
  )
  const refusal = ran.length > 0 ? await commit(session, { ran, failure }, record, options) : failure
  if (refusal) {
    await session.rollBack()
    await forgetPrepared(session, options.turn)
    return { durations: [], failure: refusal }
  }
  for (const each of ran) tell(each, options)
  return { durations: ran.map(({ durationMs }) => durationMs), failure }
}

/** After so long no further script is sent: what is not committed would be lost if the server ended. */
const LONGEST_MS = 100

/**
 * So many scripts are on their way, so that the server waits for none, also when this process has to wait for its turn; a
 * run that is to stop completes them, and so they are fewer where they take more than a moment.
 */
const MOST_UNDER_WAY = 12
const FEW_UNDER_WAY = 4
const MOMENT_MS = 10

/** A script that was sent, and what the server says while it runs. */
interface SentScript extends GroupedStep {
  readonly parts: readonly Part[]
  readonly sent: SentStatements
  readonly notices: HeldBack<ServerMessage>
}

interface RanScript extends SentScript {
  readonly durationMs: number
}

interface RanScripts {
  readonly ran: readonly RanScript[]
  /** Of the script behind them. */
  readonly failure?: ScriptRunError | StatementError | undefined
}

async function runScripts(
  session: Session,
  group: readonly GroupedStep[],
  options: RunOptions,
  { onStarted, record }: { readonly onStarted: (position: number) => void; readonly record: GroupRecord },
): Promise<RanScripts> {
  const began = performance.now()
  const mayGoOn = () => performance.now() - began < LONGEST_MS && !options.interruption?.stop.aborted
  const sent: SentScript[] = []
  const sendUpTo = (count: number) => {
    for (const each of group.slice(sent.length, count))
      sent.push(sendScript(session, each, sent.at(-1)?.sent, options))
  }
  const ran: RanScript[] = []
  sendUpTo(FEW_UNDER_WAY)
  for (let since = began, next = sent[0]; next; next = sent[ran.length]) {
    onStarted(ran.length)
    const failure = await failureOf(explaining(next.parts, next.sent.done))
    if (failure) return { ran, failure }
    const now = performance.now()
    const durationMs = now - since
    since = now
    ran.push({ ...next, durationMs })
    if (mayGoOn()) sendUpTo(ran.length + (durationMs < MOMENT_MS ? MOST_UNDER_WAY : FEW_UNDER_WAY))
    record.add(next.step.entry, durationMs)
  }
  return { ran }
}

/** In a savepoint of its own, so that those before it stay when it fails. */
function sendScript(
  session: Session,
  { step, unit }: GroupedStep,
  before: SentStatements | undefined,
  { listener }: RunOptions,
): SentScript {
  const notices = heldBack((notice: ServerMessage) => listener.onNotice?.(step, notice))
  const parts = [
    ...(before ? ownParts([`release ${SAVEPOINT}`], 'opening') : []),
    ...openingParts({ ...unit, begins: before === undefined }),
    ...ownParts([SAVEPOINT], 'opening'),
    ...unit.parts,
  ]
  const send = before?.follow ?? session.send
  return { step, unit, notices, parts, sent: send(parts, { onNotice: notices.take }) }
}

const SAVEPOINT = 'savepoint sqlbraid_revision'

/** Records and commits what ran. Gives why that failed, if it did; the transaction is then still to be rolled back. */
async function commit(
  session: Session,
  { ran, failure }: RanScripts,
  record: GroupRecord,
  { turn }: RunOptions,
): Promise<ScriptRunError | StatementError | undefined> {
  const texts = [
    ...(failure ? [`rollback to ${SAVEPOINT}`] : []),
    ...afterScript(record.statements(), turn.footing),
    'commit',
  ]
  const last = ran.at(-1)
  // A failure has ended the convoy.
  const send = failure || !last ? session.send : last.sent.follow
  const options = { isLast: true, ...(last && { onNotice: last.notices.take }) }
  return failureOf(send(ownParts(texts, 'bookkeeping'), options).done)
}

function tell({ step, notices, durationMs }: RanScript, { listener }: RunOptions): void {
  for (const text of step.echoes) listener.onEcho?.(step, text)
  notices.release()
  listener.onStepDone?.(step, durationMs)
}

async function failureOf(answer: Promise<unknown>): Promise<ScriptRunError | StatementError | undefined> {
  try {
    await answer
    return undefined
  } catch (error) {
    if (error instanceof ScriptRunError || error instanceof StatementError) return error
    throw error
  }
}
