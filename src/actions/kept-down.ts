import { type KeptScripts, type Ledger, readKeptScripts } from '../database/ledger.ts'
import type { Session } from '../database/session.ts'
import { DataNotKeptError, MissingDownError, type WithoutDown } from '../errors/history-errors.ts'
import type { Plan, Step } from '../plan/plan.ts'
import { parseHeader } from '../revision/header.ts'
import type { RevisionId } from '../revision/revision.ts'
import { readKeptText } from '../script/kept-text.ts'
import { wholeSource } from '../script/pieces.ts'
import type { History } from './read-history.ts'
import type { SentScript } from './script-reader.ts'

/** Where down scripts come from: the files, as far as they are here, or as the ledger has kept them. */
export type DownSource = 'files' | 'ledger'

/** What decides which script reverts a revision. */
export interface DownChoice {
  readonly history: History
  readonly downs: DownSource
  readonly keptScripts: ReadonlyMap<string, KeptScripts>
}

/** Reads the scripts that the ledger has kept, as far as a run of the plan needs them. */
export function readScriptsFor(
  session: Session,
  schema: string,
  { steps }: Plan,
  { history, ledger, downs }: Omit<DownChoice, 'keptScripts'> & { readonly ledger: Ledger },
): Promise<DownChoice['keptScripts']> {
  const reverted = steps.filter(step => isRevertedAsKept(step, { history, downs }))
  return readKeptScripts(session, schema, [...unfinished(ledger), ...reverted.map(step => step.revision)])
}

/** Throws `MissingDownError` or `DataNotKeptError` that names every revision of the plan that cannot be reverted. */
export function requireDowns({ steps }: Plan, choice: DownChoice): void {
  const missing = steps.flatMap(step => (step.direction === 'down' ? missingDown(step, choice) : []))
  if (missing.length > 0) throw new MissingDownError(missing)
  const incomplete = steps.filter(step => lacksData(keptDown(step, choice)))
  if (incomplete.length === 0) return
  const { revisions } = choice.history
  throw new DataNotKeptError(
    incomplete.map(({ revision: id }) => ({ id, file: revisions.get(id)?.parts.down })),
  )
}

function lacksData(kept: SentScript | undefined): boolean {
  return kept !== undefined && (readKeptText(kept.text).gaps ?? []).length > 0
}

/** The down script that the ledger has kept of a revision, if a step is to run that. */
export function keptDown(step: Step, choice: DownChoice): SentScript | undefined {
  const text = choice.keptScripts.get(step.revision)?.down
  if (text === undefined || !isRevertedAsKept(step, choice)) return undefined
  return keptScript(step.revision, 'down', text)
}

/** The revisions that stopped half-way. */
export function unfinished(ledger: Ledger): RevisionId[] {
  return ledger.revisions.filter(({ pending }) => pending !== undefined).map(({ id }) => id)
}

function isRevertedAsKept(
  { revision, direction }: Step,
  { history, downs }: Pick<DownChoice, 'history' | 'downs'>,
): boolean {
  return direction === 'down' && (downs === 'ledger' || !history.revisions.has(revision))
}

function missingDown(step: Step, choice: DownChoice): readonly WithoutDown[] {
  const id = step.revision
  const revision = choice.history.revisions.get(id)
  if (!isRevertedAsKept(step, choice)) return revision && !revision.parts.down ? [revision] : []
  const kept = choice.keptScripts.get(id)
  if (kept?.down !== undefined) return []
  const irreversible = kept && keptScript(id, 'up', kept.up).header.irreversible
  return [{ id, ...(irreversible && { irreversible }), ...(revision && { parts: revision.parts }) }]
}

/**
 * What was kept is what was sent: nothing of psql's language is left in it. With includes put in, comments of theirs may
 * stand below the header as if they were of it; the first word for a key is the header's, and its faults were no matter
 * when it ran.
 */
function keptScript(id: RevisionId, part: 'up' | 'down', text: string): SentScript {
  const file = `ledger:${id}.${part}.sql`
  const { header } = parseHeader(text)
  const transaction = header.transaction ?? 'on'
  const pieces = wholeSource({ file, text })
  return { file, header, transaction, text, pieces, unset: [], echoes: [], problems: [] }
}
