import { type Ledger, NO_LEDGER, readKeptScripts, readLedger } from '../database/ledger.ts'
import { type DatabaseListener, withDatabase } from '../database/open-database.ts'
import { sqlScript } from '../plan/sql-script.ts'
import type { ExpectedRevision } from '../plan/sql-script-guard.ts'
import type { RevisionId } from '../revision/revision.ts'
import type { Settings } from '../settings/settings.ts'
import { compareWithLedger, requireAgreement, type Tolerance } from './agreement.ts'
import { appliedFrom, appliedSet } from './applied-set.ts'
import { type MigrateReport, type Movement, plannedReport } from './migrate.ts'
import { requireFinishing, requireOneTransaction, scriptLimits, unfinished } from './prepare-run.ts'
import { type Preparation, prepareSteps } from './prepare-steps.ts'
import { readHistory } from './read-history.ts'
import { toolVersion } from './run-identity.ts'
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
    return compose(settings, movement, request, { history, scripts, ...UNASKED }, applied)
  }
  return withDatabase(settings, listener, async session => {
    const ledger = await readLedger(session, settings.ledgerSchema)
    requireAgreement(compareWithLedger(history, ledger, scripts), request)
    const keptScripts = await readKeptScripts(session, settings.ledgerSchema, unfinished(ledger))
    return compose(
      settings,
      movement,
      request,
      { history, scripts, ledger, keptScripts, lexer: session.server },
      appliedSet(ledger),
    )
  })
}

type Start = Omit<Preparation, 'limits'>

/** What is taken for granted of a database that was not asked. */
const UNASKED: Omit<Start, 'history' | 'scripts'> = {
  ledger: NO_LEDGER,
  keptScripts: new Map(),
  lexer: {},
}

function compose(
  settings: Settings,
  { action, plan: planFor }: Movement,
  { targets }: ScriptRequest,
  start: Start,
  applied: ReadonlySet<RevisionId>,
): MigrationScript {
  const plan = planFor(start.history.graph, applied, targets)
  requireFinishing(plan, start.ledger)
  const steps = prepareSteps(plan, { ...start, limits: scriptLimits(settings) })
  const { ledgerSchema: schema, lockWait, transaction } = settings
  if (transaction === 'all') requireOneTransaction(steps)
  const expected = expectedRevisions(start.ledger, applied)
  const { lexer } = start
  const options = { action, schema, lockWait, transaction, expected, lexer, toolVersion: toolVersion() }
  return { ...plannedReport(plan, start.history), sql: sqlScript(plan, steps, options) }
}

/** What the ledger will hold: the rows it has, or, where no database was asked, the applied set. */
function expectedRevisions(ledger: Ledger, applied: ReadonlySet<RevisionId>): ExpectedRevision[] {
  return ledger.version === 0 ? [...applied].map(id => ({ id })) : [...ledger.revisions]
}
