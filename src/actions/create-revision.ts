import { resolve, sep } from 'node:path'
import { NoTrunkError, NotAHeadError, UnknownFolderError } from '../errors/authoring-errors.ts'
import { BrokenNewRevisionError } from '../errors/revision-errors.ts'
import { findGraphProblems } from '../graph/problems.ts'
import { resolveRevision } from '../graph/resolve-target.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import { branchTip, trunkTip } from '../graph/trunk.ts'
import { formatInstant, newRevisionId } from '../revision/new-revision.ts'
import type { Revision, RevisionId } from '../revision/revision.ts'
import type { NewHeader } from '../revision/revision-template.ts'
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
  readonly labels?: readonly string[]
  /** Ids, their beginnings, or labels. */
  readonly depends?: readonly string[]
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

/** Writes a revision on `parents`, after proving that the graph stays one. Throws `BrokenNewRevisionError`. */
export function writeChecked(
  settings: AuthoringSettings,
  history: History,
  parents: readonly RevisionId[],
  request: Omit<RevisionRequest, 'branch' | 'head' | 'splice'>,
): Revision {
  const { graph, revisions } = history
  const header: NewHeader = {
    revision: (request.id as RevisionId | undefined) ?? newRevisionId(),
    parents: [...parents],
    labels: request.labels ?? [],
    depends: (request.depends ?? []).map(name => fullName(graph, name)),
    message: request.message,
    created: formatInstant(new Date()),
    ...(request.transaction && { transaction: request.transaction }),
  }
  const { revision: id, transaction: _, ...rest } = header
  const added = { id, labels: [], depends: [], replaces: [], ...rest }
  const problems = findGraphProblems([...revisions.values(), added])
  if (problems.length > 0) throw new BrokenNewRevisionError(problems)
  const folder = folderFor(settings, request.folder, parents[0] && revisions.get(parents[0]))
  const { fileTemplate, template } = settings
  return { ...added, parts: writeRevision({ folder, fileTemplate, header, ...(template && { template }) }) }
}

function parentsFor(graph: RevisionGraph, { branch, head, splice }: RevisionRequest): RevisionId[] {
  if (branch !== undefined) return [branchTip(graph, branch)]
  if (head === 'base') return []
  if (head !== undefined) return [standOn(graph, head, splice ?? false)]
  const tip = trunkTip(graph)
  if (tip === undefined && graph.ids.length > 0) throw new NoTrunkError([...graph.labels.keys()])
  return tip === undefined ? [] : [tip]
}

function standOn(graph: RevisionGraph, name: string, splice: boolean): RevisionId {
  const head = resolveRevision({ graph, command: 'revision --head' }, name)
  const children = graph.children(head)
  if (children.length > 0 && !splice) throw new NotAHeadError(head, children)
  return head
}

/** What was typed as the beginning of an id is written in full; a label stays a label. */
function fullName(graph: RevisionGraph, name: string): string {
  return graph.labels.has(name) ? name : resolveRevision({ graph, command: 'revision --depends' }, name)
}

/** The folder that was named, else the one the parent lies in, else the first. */
function folderFor(
  { migrations }: AuthoringSettings,
  named: string | undefined,
  parent: Revision | undefined,
): string {
  const isIn = (path: string) => (folder: string) => resolve(path).startsWith(resolve(folder) + sep)
  const [first = ''] = migrations
  if (named === undefined) return (parent && migrations.find(isIn(parent.parts.up))) ?? first
  if (migrations.some(folder => resolve(folder) === resolve(named) || isIn(named)(folder))) return named
  throw new UnknownFolderError(named, migrations)
}
