import { ScriptRunError } from '../errors/run-errors.ts'
import { afterScript, setLimits } from '../ledger/transaction.ts'
import { indexBuiltConcurrently } from '../script/index-statement.ts'
import { bookkeep, whileClaimed } from './between-statements.ts'
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
  const started = performance.now()
  const { parts } = unit
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

async function begin(session: Session, unit: Unit, begun: string): Promise<void> {
  const { turn } = unit
  const parts: Part[] = [
    ...openingParts(unit),
    ...ownParts(afterScript([begun], turn.footing), 'bookkeeping'),
    { text: 'commit', phase: 'commit' },
  ]
  await turn.take(session, () => sendParts(session, parts))
}

async function makeSettings(session: Session, { limits }: Unit, settings: readonly Part[]): Promise<void> {
  await session.query(setLimits(limits, 'set').join('; '))
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
