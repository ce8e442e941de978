import { ScriptRunError } from '../errors/run-errors.ts'
import { afterScript, setLimits } from '../ledger/transaction.ts'
import { indexBuiltConcurrently } from '../script/index-statement.ts'
import { bookkeep, putBack, recordEnd, whileClaimed } from './between-statements.ts'
import { clearIndexRemains, type IndexBuildProgress } from './index-build.ts'
import type { Patience } from './patience.ts'
import { openingParts, type Unit } from './run-in-transaction.ts'
import { runStatement } from './run-statement.ts'
import {
  explainFailure,
  ownParts,
  type Part,
  requireNotFalse,
  sendParts,
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
  const { parts } = unit
  const progress = { started: performance.now(), done: record.resumeAfter ?? 0 }
  try {
    const settings = parts.slice(0, progress.done).filter(changesSettings)
    await begin(session, unit, record.begun, settings)
    await whileClaimed(session, unit, () =>
      runStatements(session, unit, record, { ...options, progress, settings }),
    )
  } catch (error) {
    await putBack(session, unit).catch(() => {}) // the error under way says more
    if (!(error instanceof ScriptRunError)) throw error
    const facts = { statementsDone: progress.done, statementsTotal: parts.length }
    throw new ScriptRunError(error.message, { ...error.failure, progress: facts }, { cause: error.cause })
  }
}

interface Progress {
  readonly started: number
  /** How many statements are done. */
  done: number
}

/** Runs those statements that are not done yet, and what comes behind the last. */
async function runStatements(
  session: Session,
  unit: Unit,
  record: ProgressBookkeeping,
  { progress, settings, ...options }: OutsideOptions & { progress: Progress; settings: Part[] },
): Promise<void> {
  const recordAll = () => unit.bookkeeping(performance.now() - progress.started)
  const first = progress.done
  let isRecorded = false
  for (const part of unit.parts.slice(first)) {
    const isResumed = record.resumeAfter !== undefined && progress.done === first
    const recorded = record.progress(progress.done + 1)
    const ending = part === unit.parts.at(-1) && !unit.verify ? recordAll : undefined
    if (isResumed && (await isBuiltAlready(session, unit, part, options)))
      await bookkeep(session, unit, [recorded])
    else {
      const statement = { settings, part, recorded, ending }
      isRecorded = (await runStatement(session, unit, statement, options.patience)) === 'script done'
    }
    if (changesSettings(part)) settings.push(part)
    progress.done++
  }
  if (unit.verify) await verifyAlone(session, unit)
  if (!isRecorded) await recordEnd(session, unit, recordAll())
}

/** Marks the script as begun; a session that keeps settings gets those that its statements have made before. */
async function begin(session: Session, unit: Unit, begun: string, settings: readonly Part[]): Promise<void> {
  const { turn, limits } = unit
  const { keepsSession } = turn.footing
  const parts: Part[] = [
    ...openingParts(unit),
    ...ownParts(afterScript([begun], turn.footing), 'bookkeeping'),
    { text: 'commit', phase: 'commit' },
    ...(keepsSession ? [...ownParts(setLimits(limits, 'set'), 'bookkeeping'), ...settings] : []),
  ]
  await turn.take(session, () => sendParts(session, parts))
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

async function verifyAlone(session: Session, { verify, limits, turn }: Unit): Promise<void> {
  if (!verify) return
  const { claim } = turn.footing
  const parts = [...ownParts(claim, 'verify'), ...verifyParts(verify, limits, turn.footing)]
  await session.query('begin')
  try {
    requireNotFalse(parts, await sendParts(session, parts))
  } finally {
    await session.rollBack()
  }
}
