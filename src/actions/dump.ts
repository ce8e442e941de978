import { existsSync, readFileSync } from 'node:fs'
import { withRequirements } from '../graph/lineage.ts'
import { orderRevisions } from '../graph/order.ts'
import type { RevisionId } from '../revision/revision.ts'
import { createFiles, replaceFiles } from '../revision/write-files.ts'
import { schemaText } from '../scratch/change-text.ts'
import { readCatalog } from '../scratch/compare.ts'
import { planChange } from '../scratch/compare-change.ts'
import { withScratchServer } from '../scratch/server.ts'
import { withState } from '../scratch/state.ts'
import type { Settings } from '../settings/settings.ts'
import type { ProofListener } from './prove-convergence.ts'
import { readNamedRevisions } from './read-named-revisions.ts'
import { replayOptions, upSteps } from './scratch-steps.ts'

export interface DumpRequest {
  /** The revisions that, with all they require, give the schema. */
  readonly target: string
  /** Where to write it. */
  readonly file?: string | undefined
}

/** A schema as SQL that makes it in an empty database. */
export interface SchemaDump {
  readonly revisions: readonly RevisionId[]
  readonly sql: string
  /** What it lacks, one sentence each. */
  readonly notCompared: readonly string[]
  readonly file?: string
}

/**
 * Writes the schema that the revisions of a target give, without owners, in an order that depends on nothing but the
 * schema. Throws what reading, replaying and the scratch server throw, and `FilesNotWrittenError`.
 */
export async function dump(
  settings: Settings,
  { target, file }: DumpRequest,
  listener: ProofListener = {},
): Promise<SchemaDump> {
  const { named, ...history } = await readNamedRevisions(settings, { target, command: 'dump' }, listener)
  const { ledgerSchema } = settings
  const order = orderRevisions(history.graph, withRequirements(history.graph, named))
  const steps = upSteps(history, settings, order)
  const { change, notCompared } = await withScratchServer(settings, listener, async server => {
    const options = replayOptions(settings, listener, steps)
    const read = (applied: typeof steps) =>
      withState(server, applied, options, session =>
        readCatalog(session, { ledgerSchema, ignoresOwners: true }),
      )
    const [empty, full] = [await read([]), await read(steps)]
    return { change: await planChange(empty, full), notCompared: full.notCompared }
  })
  const sql = `-- The schema at ${named.join(', ') || 'base'}, without owners.\n\n${schemaText(change)}\n`
  if (file !== undefined) writeOver(file, sql)
  return { revisions: named, sql, notCompared, ...(file !== undefined && { file }) }
}

/** A file that says so already keeps its time. */
function writeOver(path: string, text: string): void {
  if (!existsSync(path)) createFiles([{ path, text }])
  else if (readFileSync(path, 'utf8') !== text) replaceFiles([{ path, text }])
}
