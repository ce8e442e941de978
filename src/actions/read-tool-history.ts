import { readFileSync } from 'node:fs'
import { type DatabaseListener, withDatabase } from '../database/open-database.ts'
import { StatementError } from '../errors/database-errors.ts'
import { ToolHistoryError } from '../errors/import-errors.ts'
import { withRequirements } from '../graph/lineage.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { Finding } from '../import/finding.ts'
import type { FormatName } from '../import/formats.ts'
import { HISTORY_TABLES, type HistoryRow, type HistoryTable } from '../import/tool-history.ts'
import type { ImportedRevision } from '../import/translate-history.ts'
import type { RevisionId } from '../revision/revision.ts'
import { quoteIdentifier } from '../script/literal.ts'
import type { Settings } from '../settings/settings.ts'

export interface ToolHistoryRequest {
  readonly format: FormatName
  readonly revisions: readonly ImportedRevision[]
  /** Of the imported revisions. */
  readonly graph: RevisionGraph
  /** Instead of the tool's own name for it, perhaps with a schema. */
  readonly table?: string | undefined
}

/** What another tool has done to a database. */
export interface ToolHistory {
  readonly applied: readonly RevisionId[]
  readonly findings: readonly Finding[]
}

/**
 * Reads in another tool's table which of its migrations a database has; gives them as revisions, in the order of the
 * import, and finds those whose files were changed since.
 * Throws `ToolHistoryError` when there is no such table, when the tool itself did not finish, and for a
 * version that has no file.
 */
export async function readToolHistory(
  settings: Settings,
  { format, revisions, graph, table }: ToolHistoryRequest,
  listener: DatabaseListener,
): Promise<ToolHistory> {
  const history = HISTORY_TABLES[format]
  if (history === undefined)
    throw new ToolHistoryError('', `${format} keeps no history in a database.`, AS_IT_IS)
  const name = table ?? history.name
  const rows = await readRows(settings, history, name, listener)
  const unfinished = history.unfinished?.(rows) ?? []
  if (unfinished.length > 0) {
    const reason = `${name} says that ${format} did not finish ${unfinished.join(', ')}.`
    throw new ToolHistoryError(name, reason, { versions: unfinished })
  }
  const known = revisions.map(({ version }) => version)
  const versions = new Set(history.applied(rows, known))
  requireFiles(name, versions, revisions)
  const named = revisions.filter(({ version }) => versions.has(version))
  const kept = history.checksums?.kept(rows, known)
  const changed = named.filter(revision => isChanged(revision, history, kept?.get(revision.version)))
  const applied = named.map(({ id }) => id)
  const required = history.isHeads ? withRequirements(graph, applied) : new Set(applied)
  return {
    applied: revisions.map(({ id }) => id).filter(id => required.has(id)),
    findings: changed.map(revision => changedSince(format, revision)),
  }
}

/** What a file with placeholders was when they were replaced, nobody knows. */
function isChanged(
  { sources: [file] }: ImportedRevision,
  { checksums }: HistoryTable,
  kept: string | undefined,
): boolean {
  if (!checksums || kept === undefined || file === undefined) return false
  const content = readFileSync(file)
  return checksums.of(content) !== kept && !(/(?:^|\/)R__/.test(file) && content.includes('${'))
}

function changedSince(format: FormatName, { sources: [file = ''] }: ImportedRevision): Finding {
  const message = `It was changed after ${format} applied it; the database takes it for applied as it is now.`
  return { severity: 'remark', code: 'CHANGED_SINCE_APPLIED', message, file }
}

const AS_IT_IS = { suggestions: ['sqlbraid import …   # without a database', 'sqlbraid stamp heads'] }

async function readRows(
  settings: Settings,
  { columns, orderBy }: HistoryTable,
  name: string,
  listener: DatabaseListener,
): Promise<readonly HistoryRow[]> {
  const selected = Object.entries(columns).map(([column, expression]) => `${expression} as "${column}"`)
  const table = name.split('.').map(quoteIdentifier).join('.')
  const query = `select ${selected.join(', ')} from ${table} order by ${orderBy}`
  try {
    return await withDatabase(
      settings,
      listener,
      session => session.query(query) as Promise<readonly HistoryRow[]>,
    )
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
    const reason = `The table ${name} cannot be read: ${error.message}`
    throw new ToolHistoryError(
      name,
      reason,
      { suggestions: ['sqlbraid import … --table SCHEMA.TABLE'] },
      { cause: error },
    )
  }
}

function requireFiles(
  table: string,
  versions: ReadonlySet<string>,
  revisions: readonly ImportedRevision[],
): void {
  const known = new Set(revisions.map(({ version }) => version))
  const missing = [...versions].filter(version => !known.has(version))
  if (missing.length === 0) return
  const reason = `${table} has versions that have no file here: ${missing.join(', ')}.`
  throw new ToolHistoryError(table, reason, { versions: missing })
}
