import { relative } from 'node:path'
import { RevisionFilesError } from '../errors/revision-errors.ts'
import { findRevisionFiles } from '../revision/directory.ts'
import { findBodyStart } from '../revision/header-entries.ts'
import { includeReader } from '../revision/include-reader.ts'
import type { RevisionParts } from '../revision/revision.ts'
import { type FreeVariables, freeVariables } from '../script/free-variables.ts'
import { type ReadInclude, withIncludes } from '../script/include.ts'
import type { Source } from '../script/pieces.ts'
import type { ScriptSettings } from './script-reader.ts'

/** SQL that revisions share: a part that makes a change, and one that undoes it. */
export interface Operation {
  /** Its path in the folder of operations, without the ending. */
  readonly name: string
  readonly up: string
  readonly down?: string
  /** The variables to `\set` before it is included. */
  readonly arguments: FreeVariables
  /** The comment at the top of its up part. */
  readonly help: string
}

/**
 * Reads the folder of custom operations, in the order of their paths; a project without that folder has none.
 * Throws `RevisionFilesError` for files that cannot be read or belong to nothing.
 */
export function listOperations({ root, operations, migrations }: ScriptSettings): readonly Operation[] {
  const readInclude = includeReader({ root, others: [operations, ...migrations] })
  const { revisions, problems } = findRevisionFiles([operations])
  const found = problems.filter(({ code }) => code !== 'NO_SUCH_FOLDER')
  if (found.length > 0) throw new RevisionFilesError(found)
  return revisions.map(parts => readOperation(parts, operations, readInclude))
}

function readOperation(parts: RevisionParts, folder: string, readInclude: ReadInclude): Operation {
  const up = readSource(parts.up, readInclude)
  const down = parts.down === undefined ? undefined : readSource(parts.down, readInclude)
  const whole = [up, ...(down ? [down] : [])].map(source => withIncludes(source, readInclude))
  return {
    name: relative(folder, parts.up).replace(/\.up\.sql$/i, ''),
    up: up.file,
    ...(down && { down: down.file }),
    arguments: joined(whole.map(({ text }) => freeVariables(text))),
    help: commentIn(up.text.slice(0, findBodyStart(up.text))),
  }
}

function readSource(path: string, readInclude: ReadInclude): Source {
  const found = readInclude({ path, start: 'root', from: '' })
  if ('problems' in found) throw new RevisionFilesError(found.problems)
  return found
}

/** What one part needs, its operation needs. */
function joined(parts: readonly FreeVariables[]): FreeVariables {
  const required = new Set(parts.flatMap(part => part.required))
  const optional = new Set(parts.flatMap(part => part.optional).filter(name => !required.has(name)))
  return { required: [...required], optional: [...optional] }
}

function commentIn(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/^[ \t]*-- ?/gm, '')
    .trim()
}
