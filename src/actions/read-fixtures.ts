import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RunnableStep } from '../database/runnable-step.ts'
import { RevisionFilesError } from '../errors/revision-errors.ts'
import type { RevisionId } from '../revision/revision.ts'
import { readScript } from '../revision/script-file.ts'
import type { Settings } from '../settings/settings.ts'
import type { History } from './read-history.ts'
import { fileStep } from './step-alone.ts'

/**
 * Reads the sample data of a project: `fixtures/*.sql`, each loaded once the revision is applied that its header
 * names, in the order of their names. Throws `RevisionFilesError`.
 */
export function readFixtures(settings: Settings, history: History): ReadonlyMap<RevisionId, RunnableStep[]> {
  const fixtures = new Map<RevisionId, RunnableStep[]>()
  for (const file of fixtureFiles(join(settings.root, 'fixtures'))) {
    const { header } = readScript(file)
    const id = header.revision
    if (id === undefined || !history.revisions.has(id)) throw withoutRevision(file)
    fixtures.set(id, [...(fixtures.get(id) ?? []), sampleStep(settings, id, file)])
  }
  return fixtures
}

function sampleStep(settings: Settings, after: RevisionId, file: string): RunnableStep {
  const id = `fixture_${after}` as RevisionId
  return fileStep(settings, { id, parents: [after], message: `sample data of ${file}`, file })
}

function fixtureFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter(name => name.endsWith('.sql'))
  return names.sort().map(name => join(folder, name))
}

function withoutRevision(file: string): RevisionFilesError {
  const message = 'A fixture begins with "-- revision: ID", the revision after which it is loaded.'
  return new RevisionFilesError([{ code: 'FIXTURE_WITHOUT_REVISION', message, file, line: 1 }])
}
