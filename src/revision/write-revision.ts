import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { RevisionFileExistsError } from '../errors/revision-errors.ts'
import { readFileName } from './directory.ts'
import { composeRevision, type NewRevision } from './new-revision.ts'
import type { RevisionParts } from './revision.ts'
import { createFiles } from './write-files.ts'

/**
 * Writes the files of a new revision and gives their paths. Everything is checked before anything is written; the
 * up file comes last, so that the revision is complete from the moment it exists.
 * Throws what `composeRevision` throws, `RevisionFileExistsError` when its stem is taken, `FilesNotWrittenError`.
 */
export function writeRevision(revision: NewRevision): RevisionParts {
  const { up, down } = composeRevision(revision)
  refuseTakenStem(up.path)
  createFiles(down ? [down, up] : [up])
  return { up: up.path, ...(down && { down: down.path }) }
}

function refuseTakenStem(upFile: string): void {
  const folder = dirname(upFile)
  const stem = readFileName(basename(upFile))?.stem
  const taken = namesIn(folder).find(name => readFileName(name)?.stem === stem)
  if (taken !== undefined) throw new RevisionFileExistsError(join(folder, taken))
}

/** A folder that cannot be listed is not there yet, or else writing will say what is wrong with it. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
