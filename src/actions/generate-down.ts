import type { RunnableStep } from '../database/runnable-step.ts'
import { DownExistsError, NothingToUndoError } from '../errors/proof-errors.ts'
import { withRequirements } from '../graph/lineage.ts'
import { orderRevisions } from '../graph/order.ts'
import { resolveRevision } from '../graph/resolve-target.ts'
import { formatHeader } from '../revision/header.ts'
import type { Revision, RevisionId } from '../revision/revision.ts'
import { createFiles, type FileContent } from '../revision/write-files.ts'
import { changeInto } from '../scratch/change-into.ts'
import { changeText } from '../scratch/change-text.ts'
import { readCatalog } from '../scratch/compare.ts'
import { type Change, planChange } from '../scratch/compare-change.ts'
import { proveGenerated, type Remarks } from '../scratch/prove-generated.ts'
import type { Replay } from '../scratch/replay.ts'
import { type ScratchServer, withScratchServer } from '../scratch/server.ts'
import { withState } from '../scratch/state.ts'
import type { Settings } from '../settings/settings.ts'
import type { ProofListener } from './prove-convergence.ts'
import { type History, readHistory } from './read-history.ts'
import { replayOptions, upSteps } from './scratch-steps.ts'
import { stepsAlone } from './step-alone.ts'

/** A down script that was written. */
export interface GeneratedDown {
  readonly revision: RevisionId
  readonly file: string
  /** Objects whose rows the up script deletes, and no down brings back. */
  readonly lost: readonly string[]
  /** What no comparison could see, one sentence each. */
  readonly notCompared: readonly string[]
}

/**
 * Writes a down script for a revision that has none, from the schemas before and after it, once it is proved to
 * restore the one before. Throws `DownExistsError`, `NothingToUndoError`, `ChangeNotGeneratedError`,
 * `GeneratedNotProvedError`, and what reading, replaying and writing throw; then nothing was written.
 */
export async function generateDown(
  settings: Settings,
  name: string,
  listener: ProofListener = {},
): Promise<GeneratedDown> {
  const history = readHistory(settings)
  const revision = withoutDown(history, name)
  const order = orderRevisions(history.graph, withRequirements(history.graph, [revision.id]))
  const steps = upSteps(history, settings, order)
  const options = replayOptions(settings, listener, steps)
  return withScratchServer(settings, listener, async server => {
    const { down, lost } = await planDown(server, steps, options)
    if (down.statements.length === 0)
      throw new NothingToUndoError(revision.id, 'its up script changes no schema')
    const file = { path: downPath(revision.parts.up), text: downText(revision, down, lost) }
    const { notCompared } = await proveDown(server, { settings, revision, steps, file }, options)
    createFiles([file])
    return { revision: revision.id, file: file.path, lost, notCompared }
  })
}

/** What undoes the last of `steps`, and what that one deletes for good. */
async function planDown(server: ScratchServer, steps: readonly RunnableStep[], options: Replay) {
  const scope = { ledgerSchema: options.ledgerSchema, ignoresOwners: true }
  const before = await withState(server, steps.slice(0, -1), options, session => readCatalog(session, scope))
  return withState(server, steps, options, async session => {
    const { statements } = await planChange(before, await readCatalog(session, scope))
    const lost = statements.flatMap(({ loses }) => loses)
    return { down: await changeInto(session, before, scope), lost }
  })
}

interface DraftedDown {
  readonly settings: Settings
  readonly revision: Revision
  /** Those of all it requires, and its own. */
  readonly steps: readonly RunnableStep[]
  readonly file: FileContent
}

async function proveDown(
  server: ScratchServer,
  { settings, revision, steps, file }: DraftedDown,
  options: Replay,
): Promise<Remarks> {
  const { id, parts } = revision
  const drafted = { ...revision, parts: { ...parts, down: file.path } }
  const candidate = { revision: id, ...stepsAlone(settings, drafted, [file]), irreversible: false }
  return proveGenerated(server, { before: steps.slice(0, -1), candidate }, options)
}

function withoutDown({ graph, revisions }: History, name: string): Revision {
  const id = resolveRevision({ graph, command: 'down' }, name)
  const revision = revisions.get(id)
  if (revision?.parts.down !== undefined) throw new DownExistsError(id, revision.parts.down)
  if (revision === undefined) throw new NothingToUndoError(id, 'it has no file here')
  if (revision.irreversible !== undefined)
    throw new NothingToUndoError(id, `its header says that it is irreversible: ${revision.irreversible}`)
  return revision
}

function downPath(up: string): string {
  return up.replace(/\.up\.sql$/iu, '.down.sql')
}

function downText({ id }: Revision, down: Change, lost: readonly string[]): string {
  const header = formatHeader({ revision: id, ...(down.isTransactional ? {} : { transaction: 'off' }) })
  const remark = lost.map(object => `-- The up script drops ${object}; what it held does not come back.\n`)
  return `${header}\n${remark.join('')}${remark.length > 0 ? '\n' : ''}${changeText(down)}\n`
}
