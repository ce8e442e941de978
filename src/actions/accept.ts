import type { Exclusion } from '../database/exclusion.ts'
import { type Ledger, readKeptScripts, readLedger, requireWritableLedger } from '../database/ledger.ts'
import { withDatabase } from '../database/open-database.ts'
import { recordAlone } from '../database/record-alone.ts'
import type { Session } from '../database/session.ts'
import { UnfinishedRevisionError } from '../errors/history-errors.ts'
import { RevisionFilesError } from '../errors/revision-errors.ts'
import { recordAccepted, recordEvent } from '../ledger/bookkeeping.ts'
import { appliedRevision } from '../plan/applied-revision.ts'
import type { Revision, RevisionId } from '../revision/revision.ts'
import type { LexerOptions } from '../script/lexer.ts'
import type { Settings } from '../settings/settings.ts'
import { appliedSet } from './applied-set.ts'
import { entryOf } from './entry.ts'
import { type MigrateListener, requireWritable } from './migrate.ts'
import { scriptLimits } from './prepare-run.ts'
import { type History, readHistory } from './read-history.ts'
import { exclusionOf } from './run-exclusion.ts'
import { newRunIdentity } from './run-identity.ts'
import { type ScriptReader, scriptReader } from './script-reader.ts'

/** What was taken as applied. */
export interface AcceptReport {
  readonly revision: RevisionId
  /** False where the database had kept these very scripts. */
  readonly isAccepted: boolean
}

/**
 * Takes the scripts of an applied revision, as its files are now, for what was applied; runs none of them.
 * Throws `RevisionNotAppliedError`, `UnfinishedRevisionError`, `RevisionFilesError`, and what reading and locking throw.
 */
export async function accept(
  settings: Settings,
  target: string,
  listener: Pick<MigrateListener, 'onDatabase' | 'onWarning' | 'onWaiting' | 'onAbandoned'> = {},
): Promise<AcceptReport> {
  const history = readHistory(settings)
  return withDatabase(settings, listener, async session => {
    requireWritable(session)
    const exclusion = exclusionOf(session, settings, listener)
    return exclusion.around(() => acceptAlone(session, exclusion, settings, history, target))
  })
}

/** While no other run is at work. */
async function acceptAlone(
  session: Session,
  exclusion: Exclusion,
  settings: Settings,
  { graph, revisions }: History,
  target: string,
): Promise<AcceptReport> {
  const { ledgerSchema: schema, root } = settings
  const ledger = await readLedger(session, schema)
  const id = appliedRevision({ graph, applied: appliedSet(ledger), command: 'accept' }, target)
  requireWhole(ledger, id)
  const revision = revisions.get(id) as Revision // the graph knows it
  const scripts = scriptReader(settings)
  requireReadable(revision, scripts, session.server)
  const entry = entryOf(revision, scripts, session.server)
  const kept = (await readKeptScripts(session, schema, [id])).get(id)
  if (kept?.up === entry.upScript && kept.down === entry.downScript)
    return { revision: id, isAccepted: false }
  await requireWritableLedger(session, schema, ledger)
  const identity = await newRunIdentity(root)
  const event = { action: 'accept', revision: id, outcome: 'done', durationMs: 0 } as const
  const bookkeeping = [recordAccepted(schema, entry), recordEvent(schema, event, identity)]
  const turn = exclusion.turn(identity.runId, ledger)
  await recordAlone(session, turn, scriptLimits(settings), bookkeeping)
  return { revision: id, isAccepted: true }
}

/** A database keeps nothing that it could not run again. */
function requireReadable({ parts }: Revision, scripts: ScriptReader, lexer: LexerOptions): void {
  const files = [parts.up, parts.down].filter(file => file !== undefined)
  const problems = files.flatMap(file => scripts.read(file, lexer).problems)
  if (problems.length > 0) throw new RevisionFilesError(problems)
}

function requireWhole({ revisions }: Ledger, id: RevisionId): void {
  const pending = revisions.find(row => row.id === id)?.pending
  if (pending) throw new UnfinishedRevisionError(id, pending.direction, pending.statementsDone)
}
