import type { ServerMessage } from '../errors/database-errors.ts'
import { type Duration, recordDownBegun, recordProgress, recordUpBegun } from '../ledger/bookkeeping.ts'
import { recordDone } from '../ledger/step-bookkeeping.ts'
import { keptText } from '../script/kept-text.ts'
import { LONGEST_PAUSE_OF_CLAIM_MS } from './claim.ts'
import { forgetPrepared } from './forget-prepared.ts'
import { type GroupFrom, groupsOf } from './groups.ts'
import { heldBack } from './held-back.ts'
import { type Patience, withRetries } from './patience.ts'
import {
  isSentWhole,
  type NextUnit,
  runInTransaction,
  type SentUnit,
  sendWhole,
  type Unit,
} from './run-in-transaction.ts'
import type { RunOptions } from './run-options.ts'
import { type ProgressBookkeeping, runOutsideTransaction } from './run-outside-transaction.ts'
import type { RunnableStep } from './runnable-step.ts'
import { statementParts } from './script-parts.ts'
import type { Session } from './session.ts'

/** A step on its way through a run. */
export interface StepUnderWay {
  readonly step: RunnableStep
  readonly unit: Unit
  /** Sent behind it as soon as its script has run; undefined where something has to be known before. */
  readonly next: StepUnderWay | undefined
}

/** Makes the steps of a run ready to be sent, and finds those that may be committed together. */
export function underWay(
  steps: readonly RunnableStep[],
  options: RunOptions,
): { readonly all: readonly StepUnderWay[]; readonly groupFrom: GroupFrom } {
  const units = steps.map((step, index) => {
    const place = { isFirst: index === 0, isLast: index === steps.length - 1 }
    return { step, unit: unitOf(step, place, options) }
  })
  const groupFrom = groupsOf(units, options)
  const all: StepUnderWay[] = []
  for (const [index, { step, unit }] of [...units.entries()].reverse()) {
    const behind = all[0]
    const isSentAhead =
      behind?.step.transaction === 'on' && isSentWhole(behind.unit) && groupFrom(index + 1).length === 0
    all.unshift({ step, unit, next: isSentAhead ? behind : undefined })
  }
  return { all, groupFrom }
}

/**
 * Runs one step and records it. `ahead` is what was sent of it already, and what this gives was sent of the next one.
 * Throws `ScriptRunError`, the transaction still to be rolled back, and `SessionLostError`.
 */
export async function runStep(
  session: Session,
  { step, unit, next }: StepUnderWay,
  ahead: SentUnit | undefined,
  options: RunOptions,
): Promise<SentUnit | undefined> {
  const patience = patienceFor(step, options)
  if (step.transaction === 'off') {
    const onIndexBuild = options.listener.onIndexBuild?.bind(undefined, step) ?? (() => {})
    const record = progressBookkeeping(step, options)
    await runOutsideTransaction(session, unit, record, { patience, onIndexBuild })
    return undefined
  }
  let sent = ahead
  let isFurther = false
  sent?.tellNotices()
  const attempt = async () => {
    if (isFurther) await forgetPrepared(session, options.turn)
    isFurther = true
    const sentBefore = sent
    sent = undefined // a further attempt comes after a rollback
    return runInTransaction(session, unit, { ahead: sentBefore, next: next && nextUnit(next, options) })
  }
  return withRetries(session, patience, () => options.turn.take(session, attempt))
}

/** Where nothing is going to be committed, all steps are sent at once: nobody minds when a run stops only behind them. */
function nextUnit({ step, unit, next }: StepUnderWay, options: RunOptions): NextUnit {
  const { listener, interruption, transaction } = options
  const isSentAtOnce = transaction === 'open'
  const send: NextUnit['send'] = before => {
    if (interruption?.stop.aborted) return undefined
    const notices = heldBack((notice: ServerMessage) => listener.onNotice?.(step, notice))
    const sent = sendWhole(unit, before.follow, { isLast: next === undefined, onNotice: notices.take })
    const following = isSentAtOnce && next ? nextUnit(next, options).send(sent.sent) : undefined
    return { ...sent, tellNotices: notices.release, following }
  }
  return { send, isSentAtOnce }
}

/** Where one transaction holds all steps, a lock that is not to be had has undone those before as well. */
function patienceFor(
  step: RunnableStep,
  { retries, transaction, listener, interruption, turn }: RunOptions,
): Patience {
  const { keepsSession } = turn.footing
  const longestPauseMs = Math.min(retries.longestPauseMs, LONGEST_PAUSE_OF_CLAIM_MS)
  const claimed = step.transaction === 'off' && !keepsSession
  const policy = claimed ? { ...retries, longestPauseMs } : retries
  return {
    policy: transaction === 'each' ? policy : { ...policy, attempts: 1 },
    lookAfterMs: keepsSession ? LOOK_AFTER_MS : undefined,
    stop: interruption?.stop,
    onBlocked: blockers => listener.onBlocked?.(step, blockers),
    onRetry: retry => listener.onRetry?.(step, retry),
  }
}

/** Shorter than any lock_timeout that leaves a busy database a chance. */
const LOOK_AFTER_MS = 1000

function unitOf(
  step: RunnableStep,
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
  { schema, identity, transaction, turn }: RunOptions,
): Unit {
  const isEach = transaction === 'each'
  const began = isEach ? 'since the transaction began' : 'since the last event of the run'
  return {
    parts: statementParts(step.script, 'script'),
    ...(step.verify ? { verify: step.verify } : {}),
    limits: step.limits,
    turn,
    begins: isEach || isFirst,
    commits: isEach || (transaction === 'all' && isLast),
    bookkeeping: (durationMs: Duration = began) => recordDone(schema, step, identity, durationMs),
  }
}

function progressBookkeeping(step: RunnableStep, { schema, identity }: RunOptions): ProgressBookkeeping {
  const { revision, resumeAfter } = step
  return {
    resumeAfter,
    begun:
      step.direction === 'up'
        ? recordUpBegun(schema, step.entry, identity)
        : recordDownBegun(schema, revision, keptText(step.script), resumeAfter ?? 0, identity),
    progress: statementsDone => recordProgress(schema, revision, statementsDone),
  }
}
