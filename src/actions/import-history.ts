import { realpathSync } from 'node:fs'
import { sep } from 'node:path'
import { ImportInPlaceError, NotImportableError, UnknownFormatError } from '../errors/import-errors.ts'
import { findGraphProblems } from '../graph/problems.ts'
import { buildGraph } from '../graph/revision-graph.ts'
import { type ComposedImport, composeImport, type Destination } from '../import/compose.ts'
import { type Finding, preventsImport } from '../import/finding.ts'
import {
  FORMAT_NAMES,
  FORMATS,
  type FormatName,
  recognizeFormats,
  type SourceFormat,
} from '../import/formats.ts'
import { readSourceTree, type SourceTree } from '../import/source-tree.ts'
import { type ImportedHistory, type ImportedRevision, translateHistory } from '../import/translate-history.ts'
import { planAdoption } from '../plan/stamp.ts'
import { expandFolders } from '../revision/directory.ts'
import { includeReader } from '../revision/include-reader.ts'
import { readWholeText } from '../revision/read-text.ts'
import type { Revision, RevisionId } from '../revision/revision.ts'
import { createFiles } from '../revision/write-files.ts'
import type { Settings } from '../settings/settings.ts'
import type { MigrateReport } from './migrate.ts'
import { readAlembicHistory } from './read-alembic-history.ts'
import { readHistoryOrNone } from './read-history.ts'
import { readToolHistory } from './read-tool-history.ts'
import { recordWithoutRunning, type StampListener, type StampPlanner } from './stamp.ts'

export interface ImportRequest {
  /** A folder, or a single file. */
  readonly source: string
  /** Instead of what the files look like. */
  readonly format?: FormatName | undefined
  /** Also record what the tool has applied to the database of the settings. */
  readonly adopt?: boolean
  /** The table of the tool's history, instead of its own name for it. */
  readonly table?: string | undefined
  /** Write also what has no translation, as it is. */
  readonly force?: boolean
  readonly dryRun?: boolean
}

export interface ImportReport {
  readonly format: FormatName
  /** What was written, or would be, parents first. */
  readonly written: readonly (ImportedRevision & ComposedImport)[]
  /** Those that are here already, and were left as they are. */
  readonly kept: readonly RevisionId[]
  readonly findings: readonly Finding[]
  /** What the tool has applied, when its history was read; `adoption` records it. */
  readonly applied?: readonly RevisionId[]
  readonly adoption?: MigrateReport
}

/**
 * Writes the migrations of another tool as revisions, and records what it has applied. All is checked, and the tool's
 * history read, before anything is written. Throws `ImportSourceError`, `UnknownFormatError`, `ImportInPlaceError`,
 * `NotImportableError`, what `readToolHistory` and `createFiles` throw, and what recording throws, with the files in place.
 */
export async function importHistory(
  settings: Settings,
  request: ImportRequest,
  listener: StampListener = {},
): Promise<ImportReport> {
  const { adopt = false, dryRun = false, table } = request
  const { format, revisions, fresh, kept, findings, destination } = await readSource(settings, request)
  const written = fresh.map(revision => ({ ...revision, ...composeImport(revision, destination) }))
  const source = { format, revisions, graph: buildGraph(revisions), table }
  const applied = adopt ? await readToolHistory(settings, source, listener) : undefined
  const report = { format, written, kept, findings, ...(applied && { applied }) }
  if (dryRun) return report
  createFiles(written.flatMap(({ files }) => files))
  if (!applied) return report
  const planFor: StampPlanner = (graph, before) => planAdoption(graph, before, applied)
  return { ...report, adoption: await recordWithoutRunning(settings, { planFor }, listener) }
}

/** What an import would write, and where to. */
interface ReadSource extends ImportedHistory {
  readonly format: FormatName
  /** Those that have no file here. */
  readonly fresh: readonly ImportedRevision[]
  readonly kept: readonly RevisionId[]
  readonly destination: Destination
}

async function readSource(
  settings: Settings,
  { source, format, force = false }: ImportRequest,
): Promise<ReadSource> {
  const tree = readSourceTree(source)
  const recognized = format ?? recognize(tree, source)
  const folder = destinationOf(settings, source)
  const { revisions: present } = readHistoryOrNone(settings)
  const { revisions, findings: found } = await translate(tree, recognized, settings)
  const fresh = revisions.filter(({ id }) => !present.has(id))
  const kept = revisions.filter(({ id }) => present.has(id)).map(({ id }) => id)
  const settled = filesImportedBefore(revisions, fresh)
  const ofFresh = found.filter(({ severity, file = '' }) => severity === 'fault' || !settled.has(file))
  const findings = [...tree.findings, ...ofFresh, ...findProblems([...present.values()], fresh)]
  refuse(findings, source, force)
  const destination = { folder, fileTemplate: settings.fileTemplate }
  return { format: recognized, revisions, fresh, kept, findings, destination }
}

function recognize(tree: SourceTree, source: string): FormatName {
  const found = recognizeFormats(tree)
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return only
  throw new UnknownFormatError(source, found, FORMAT_NAMES)
}

/** The first folder of revisions. Throws `ImportInPlaceError` when it holds, or lies in, what is to be imported. */
function destinationOf({ migrations }: Settings, source: string): string {
  const folders = expandFolders(migrations)
  const real = (path: string) => `${realpathSync(path)}${sep}`
  const isWithin = (folder: string) =>
    real(source).startsWith(real(folder)) || real(folder).startsWith(real(source))
  const shared = folders.find(isWithin)
  if (shared !== undefined) throw new ImportInPlaceError(source, shared)
  return folders[0] ?? ''
}

async function translate(tree: SourceTree, format: FormatName, { env }: Settings): Promise<ImportedHistory> {
  const { read, isPsql = false }: SourceFormat = FORMATS[format]
  const history = format === 'alembic' ? await readAlembicHistory(tree, env) : read(tree)
  const readInclude = includeReader({ root: tree.folder, others: [] }, readWholeText)
  return translateHistory(format, history, { isPsql, readInclude })
}

/** The files of revisions that are here already: what is to be said of them has been said. */
function filesImportedBefore(
  all: readonly ImportedRevision[],
  fresh: readonly ImportedRevision[],
): ReadonlySet<string> {
  const needed = new Set(fresh.flatMap(({ sources }) => sources))
  return new Set(all.flatMap(({ sources }) => sources).filter(file => !needed.has(file)))
}

/** What is wrong between the revisions, those that are here already among them. */
function findProblems(present: readonly Revision[], fresh: readonly ImportedRevision[]): Finding[] {
  const sourceOf = new Map<string, string | undefined>(fresh.map(({ id, sources }) => [id, sources[0]]))
  const all = [...present, ...fresh.map(revision => ({ ...revision, replaces: [] }))]
  return findGraphProblems(all).map(({ code, message, revision }) => {
    const file = sourceOf.get(revision)
    return { severity: 'fault', code, message, ...(file !== undefined && { file }) }
  })
}

function refuse(findings: readonly Finding[], source: string, force: boolean): void {
  const inTheWay = findings.filter(finding => preventsImport(finding, { force }))
  if (inTheWay.length === 0) return
  const canForce = inTheWay.every(({ severity }) => severity === 'loss')
  throw new NotImportableError(inTheWay, source, canForce)
}
