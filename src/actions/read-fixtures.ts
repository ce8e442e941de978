import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RunnableStep } from '../database/runnable-step.ts'
import { RevisionFilesError } from '../errors/revision-errors.ts'
import { buildGraph } from '../graph/revision-graph.ts'
import type { RevisionId } from '../revision/revision.ts'
import { readScript } from '../revision/script-file.ts'
import type { Settings } from '../settings/settings.ts'
import type { History } from './read-history.ts'
import { upSteps } from './scratch-steps.ts'

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
    fixtures.set(id, [...(fixtures.get(id) ?? []), fixtureStep(settings, id, file)])
  }
  return fixtures
}

function fixtureFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter(name => name.endsWith('.sql'))
  return names.sort().map(name => join(folder, name))
}

/** A fixture is run as if it were a revision of its own, so that it is a part of the states that are kept. */
function fixtureStep(settings: Settings, after: RevisionId, file: string): RunnableStep {
  const id = `fixture_${after}` as RevisionId
  const revision = {
    id,
    parents: [after],
    labels: [],
    depends: [],
    replaces: [],
    message: `sample data of ${file}`,
    created: '',
    parts: { up: file },
  }
  const alone = { graph: buildGraph([]), revisions: new Map([[id, revision]]) }
  const [step] = upSteps(alone, settings, [id])
  return step as RunnableStep // one revision makes one step
}

function withoutRevision(file: string): RevisionFilesError {
  const message = 'A fixture begins with "-- revision: ID", the revision after which it is loaded.'
  return new RevisionFilesError([{ code: 'FIXTURE_WITHOUT_REVISION', message, file, line: 1 }])
}
