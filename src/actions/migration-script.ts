import { type Ledger, NO_LEDGER, readLedger } from '../database/ledger.ts'
import { type DatabaseListener, withDatabase } from '../database/open-database.ts'
import { extendGraph } from '../graph/extend-graph.ts'
import { TOOL_VERSION } from '../ledger/tool-version.ts'
import type { Plan } from '../plan/plan.ts'
import { sqlScript } from '../plan/sql-script.ts'
import type { ExpectedRevision } from '../plan/sql-script-guard.ts'
import { readFileData } from '../revision/file-data.ts'
import type { RevisionId } from '../revision/revision.ts'
import { type GappedText, partsOf } from '../script/gaps.ts'
import type { Settings } from '../settings/settings.ts'
import { compareWithLedger, requireAgreement, type Tolerance } from './agreement.ts'
import { appliedFrom } from './applied-set.ts'
import { readScriptsFor } from './kept-down.ts'
import type { MigrateReport } from './migrate.ts'
import { plannedReport } from './migrate-report.ts'
import { type Movement, type Standpoint, standpointOf } from './movement.ts'
import { requireFinishing, requireOneTransaction, scriptLimits } from './prepare-run.ts'
import { type Preparation, prepareSteps } from './prepare-steps.ts'
import { readHistory } from './read-history.ts'
import { scriptReader } from './script-reader.ts'

export interface ScriptRequest extends Tolerance {
  /** As typed. */
  readonly targets: readonly string[]
  /** Heads of the applied set that the script starts from, so that no database is asked. */
  readonly from?: string
}

/** A plan, and the script for psql that carries it out. */
export interface MigrationScript extends MigrateReport {
  readonly sql: string
  /** Where data that were left in their files belong in it. */
  readonly gaps?: GappedText['gaps']
}

/** The script in pieces, to be written one after the other: what belongs in its gaps is read meanwhile. Throws `DataChangedError`. */
export function* piecesOfScript({ sql, gaps = [] }: MigrationScript): Generator<string | Buffer> {
  for (const part of partsOf({ text: sql, gaps })) {
    if (typeof part === 'string') yield part
    else yield* readFileData(part)
  }
}

/**
 * Writes the script that, run by psql, does what `migrate` would do. It starts from the state that the request
 * names, or else from the one the database is in. Throws as `migrate`.
 */
export async function migrationScript(
  settings: Settings,
  movement: Movement,
  request: ScriptRequest,
  listener: DatabaseListener,
): Promise<MigrationScript> {
  const history = readHistory(settings)
  const scripts = scriptReader(settings)
  if (request.from !== undefined) {
    const applied = appliedFrom(history.graph, request.from, movement.action)
    const standpoint = { ...history, rows: [], applied }
    const plan = movement.plan(standpoint, request.targets)
    return compose(settings, movement, plan, { history, scripts, ...UNASKED }, standpoint)
  }
  return withDatabase(settings, listener, async session => {
    const { downs, copesWith } = movement
    const ledger = await readLedger(session, settings.ledgerSchema)
    requireAgreement(compareWithLedger(history, ledger, scripts), request, copesWith)
    const standpoint = standpointOf(history.graph, ledger)
    const plan = movement.plan(standpoint, request.targets)
    const choice = { history, ledger, downs }
    const keptScripts = await readScriptsFor(session, settings.ledgerSchema, plan, choice)
    const start = { history, scripts, ledger, keptScripts, lexer: session.server }
    return compose(settings, movement, plan, start, standpoint)
  })
}

type Start = Omit<Preparation, 'limits' | 'downs'>

/** What is taken for granted of a database that was not asked. */
const UNASKED: Omit<Start, 'history' | 'scripts'> = {
  ledger: NO_LEDGER,
  keptScripts: new Map(),
  lexer: {},
}

function compose(
  settings: Settings,
  { action, downs }: Movement,
  plan: Plan,
  start: Start,
  { graph, rows, applied }: Standpoint,
): MigrationScript {
  requireFinishing(plan, start.ledger)
  const steps = prepareSteps(plan, { ...start, downs, limits: scriptLimits(settings) })
  const { ledgerSchema: schema, lockWait, transaction } = settings
  if (transaction === 'all') requireOneTransaction(steps)
  const expected = expectedRevisions(start.ledger, applied)
  const { lexer } = start
  const options = { action, schema, lockWait, transaction, expected, lexer, toolVersion: TOOL_VERSION }
  const { text: sql, gaps } = sqlScript(plan, steps, options)
  return { ...plannedReport(plan, extendGraph(graph, rows)), sql, ...(gaps && { gaps }) }
}

/** What the ledger will hold: the rows it has, or, where no database was asked, the applied set. */
function expectedRevisions(ledger: Ledger, applied: ReadonlySet<RevisionId>): ExpectedRevision[] {
  return ledger.version === 0 ? [...applied].map(id => ({ id })) : [...ledger.revisions]
}
