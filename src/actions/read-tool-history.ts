import { type DatabaseListener, withDatabase } from '../database/open-database.ts'
import { StatementError } from '../errors/database-errors.ts'
import { ToolHistoryError } from '../errors/import-errors.ts'
import { withRequirements } from '../graph/lineage.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
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

/**
 * Reads in another tool's table which of its migrations a database has; gives them as revisions, in the order of the import.
 * Throws `ToolHistoryError` when there is no such table, when the tool itself did not finish, and for a
 * version that has no file.
 */
export async function readToolHistory(
  settings: Settings,
  { format, revisions, graph, table }: ToolHistoryRequest,
  listener: DatabaseListener,
): Promise<readonly RevisionId[]> {
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
  const versions = new Set(
    history.applied(
      rows,
      revisions.map(({ version }) => version),
    ),
  )
  requireFiles(name, versions, revisions)
  const named = revisions.filter(({ version }) => versions.has(version)).map(({ id }) => id)
  if (!history.isHeads) return named
  const required = withRequirements(graph, named)
  return revisions.map(({ id }) => id).filter(id => required.has(id))
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
