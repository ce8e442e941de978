import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { RunnableStep } from '../database/runnable-step.ts'
import { DesiredSchemaFailedError, failureOf, NoDesiredSchemaError } from '../errors/proof-errors.ts'
import { RevisionFailedError } from '../errors/run-errors.ts'
import type { RevisionId } from '../revision/revision.ts'
import { type Catalog, readCatalog } from '../scratch/compare.ts'
import type { Scope } from '../scratch/compare-scope.ts'
import type { Replay } from '../scratch/replay.ts'
import type { ScratchServer } from '../scratch/server.ts'
import { withState } from '../scratch/state.ts'
import type { Settings } from '../settings/settings.ts'
import { fileStep } from './step-alone.ts'

/**
 * Prepares the files that the setting `schema` names, and those ending in `.sql` in the folders that it names, in the
 * order of their paths. Throws `NoDesiredSchemaError` and `RevisionFilesError`.
 */
export function desiredSteps(settings: Settings): RunnableStep[] {
  if (settings.schema === undefined) throw new NoDesiredSchemaError()
  return settings.schema.flatMap(sqlFiles).map((file, index) => {
    const id = `schema_${index + 1}` as RevisionId
    return fileStep(settings, { id, parents: [], message: `the desired schema in ${file}`, file })
  })
}

/** Reads the schema that the files give in an empty database. Throws `DesiredSchemaFailedError`. */
export async function readDesiredSchema(
  server: ScratchServer,
  steps: readonly RunnableStep[],
  options: Replay & Scope,
): Promise<Catalog> {
  try {
    return await withState(server, steps, options, session => readCatalog(session, options))
  } catch (cause) {
    if (!(cause instanceof RevisionFailedError)) throw cause
    throw new DesiredSchemaFailedError(failureOf(cause), { cause })
  }
}

/** A path that is not there is taken for a file, whose reader will say so. */
function sqlFiles(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path]
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
  return names
    .filter(name => name.endsWith('.sql'))
    .sort()
    .map(name => join(path, name))
}
