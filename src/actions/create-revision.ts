import { resolve, sep } from 'node:path'
import {
  NameTakenError,
  NoTrunkError,
  NotAHeadError,
  UnknownFolderError,
} from '../errors/authoring-errors.ts'
import { BrokenNewRevisionError, quoted } from '../errors/revision-errors.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import { findGraphProblems } from '../graph/problems.ts'
import { resolveRevision } from '../graph/resolve-target.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import { branchTip, labelMeantBy, trunkTip } from '../graph/trunk.ts'
import { expandFolders } from '../revision/directory.ts'
import { formatInstant, type NewRevision, newRevisionId } from '../revision/new-revision.ts'
import { oneLine } from '../revision/one-line.ts'
import { isIdentifier, type Revision, type RevisionId } from '../revision/revision.ts'
import { writeRevision } from '../revision/write-revision.ts'
import type { Settings } from '../settings/settings.ts'
import { type History, readHistoryOrNone } from './read-history.ts'

/** What of the settings says where and how new files are written. */
export type AuthoringSettings = Pick<Settings, 'migrations' | 'fileTemplate' | 'template'>

/** What a new revision says of itself. */
export interface RevisionRequest {
  readonly message: string
  /** Continue the branch of this label instead of the trunk. */
  readonly branch?: string | undefined
  /** Stand on this revision, a head; `base` makes a new base. */
  readonly head?: string | undefined
  /** Let `head` be a revision that has children. */
  readonly splice?: boolean | undefined
  readonly labels?: readonly string[] | undefined
  /** Ids or labels, or their beginnings. */
  readonly depends?: readonly string[] | undefined
  readonly id?: string | undefined
  readonly transaction?: 'off' | undefined
  /** One of the settings' folders. */
  readonly folder?: string | undefined
}

/**
 * Writes the files of a new revision and gives the revision. Nothing is written before all is checked. Throws what
 * reading the history, resolving names and writing throw, and the errors of authoring-errors.ts.
 */
export function createRevision(settings: AuthoringSettings, request: RevisionRequest): Revision {
  const history = readHistoryOrNone(settings)
  const parents = parentsFor(history.graph, request)
  return writeChecked(settings, history, parents, request)
}

/**
 * Writes a revision on `parents`, after proving that the graph stays one. Throws `NameTakenError`,
 * `BrokenNewRevisionError`.
 */
export function writeChecked(
  settings: AuthoringSettings,
  history: History,
  parents: readonly RevisionId[],
  request: Omit<RevisionRequest, 'branch' | 'head' | 'splice'>,
): Revision {
  return writeDraft(draftRevision(settings, history, parents, request))
}

/** A revision that was checked and is not written yet. */
export interface RevisionDraft extends NewRevision {
  readonly revision: Omit<Revision, 'parts'>
}

/** Checks a revision on `parents`, and writes nothing. Throws as `writeChecked`. */
export function draftRevision(
  settings: AuthoringSettings,
  { graph, revisions }: History,
  parents: readonly RevisionId[],
  request: Omit<RevisionRequest, 'branch' | 'head' | 'splice'>,
): RevisionDraft {
  const id = newName(graph, request.id ?? newRevisionId())
  const header = {
    parents,
    labels: (request.labels ?? []).map(label => newName(graph, label)),
    depends: (request.depends ?? []).map(name => fullName(graph, name)),
    message: oneLine(request.message),
    created: formatInstant(new Date()),
  }
  const revision = { id, replaces: [], ...header }
  const problems = findGraphProblems([...revisions.values(), revision])
  if (problems.length > 0) throw new BrokenNewRevisionError(problems)
  const { fileTemplate, template } = settings
  const mode = request.transaction && { transaction: request.transaction }
  return {
    revision,
    folder: folderFor(settings, request.folder, parents[0] && revisions.get(parents[0])),
    fileTemplate,
    header: { revision: id, ...header, ...mode },
    ...(template && { template }),
  }
}

/** Writes the files of a draft and gives the revision. Throws as `writeRevision`. */
export function writeDraft({ revision, ...files }: RevisionDraft): Revision {
  return { ...revision, parts: writeRevision(files) }
}

/** A name that may be given: of the right characters, and nobody's yet. */
function newName(graph: RevisionGraph, name: string): RevisionId {
  if (!isIdentifier(name)) throw new BrokenNewRevisionError([badIdentifier(name)])
  const carrier = graph.has(name) ? name : graph.labels.get(name)
  if (carrier !== undefined) throw new NameTakenError(name, carrier)
  return name
}

function badIdentifier(name: string): Problem {
  const message = `${quoted(name)} is neither an id nor a label: letters, digits, "_" and ".", at most 64, and not a word such as head.`
  return { code: 'BAD_IDENTIFIER', message }
}

/** What a new revision stands on. Throws `NoTrunkError`, `NotAHeadError`, and what resolving names throws. */
export function parentsFor(graph: RevisionGraph, { branch, head, splice }: RevisionRequest): RevisionId[] {
  if (branch !== undefined) return [branchTip(graph, branch)]
  if (head === 'base') return []
  if (head !== undefined) return [standOn(graph, head, splice ?? false)]
  return onTrunk(graph, label => `sqlbraid revision --branch ${label} …`)
}

/** What continues the trunk: its tip, or nothing in an empty history. Throws `NoTrunkError`. */
export function onTrunk(graph: RevisionGraph, suggest: (label: string) => string): RevisionId[] {
  const tip = trunkTip(graph)
  if (tip !== undefined) return [tip]
  if (graph.ids.length === 0) return []
  throw new NoTrunkError([...graph.labels.keys()], suggest)
}

function standOn(graph: RevisionGraph, name: string, splice: boolean): RevisionId {
  const head = resolveRevision({ graph, command: 'revision --head' }, name)
  const children = graph.children(head)
  if (children.length > 0 && !splice) throw new NotAHeadError(head, children)
  return head
}

/** What was typed as the beginning of a name is written in full; a label stays a label. */
function fullName(graph: RevisionGraph, name: string): string {
  return labelMeantBy(graph, name) ?? resolveRevision({ graph, command: 'revision --depends' }, name)
}

/** The folder that was named, else the one the parent lies in, else the first. */
function folderFor(
  { migrations }: AuthoringSettings,
  named: string | undefined,
  parent: Revision | undefined,
): string {
  const folders = expandFolders(migrations)
  const isIn = (path: string) => (folder: string) => resolve(path).startsWith(resolve(folder) + sep)
  if (named === undefined) return (parent && folders.find(isIn(parent.parts.up))) ?? folders[0] ?? ''
  if (folders.some(folder => resolve(folder) === resolve(named) || isIn(named)(folder))) return named
  throw new UnknownFolderError(named, folders)
}
