import type { DatabaseListener } from '../database/open-database.ts'
import { extendGraph } from '../graph/extend-graph.ts'
import { planDowngrade } from '../plan/downgrade.ts'
import type { Settings } from '../settings/settings.ts'
import { type MigrateListener, type MigrateReport, type MigrateRequest, migrate } from './migrate.ts'
import type { MigrationScript, ScriptRequest } from './migration-script.ts'
import type { Movement } from './movement.ts'

/**
 * Reverts every applied revision above the targets; one that has no file here with the down script that the database
 * has kept. Throws as `migrate`.
 */
export function downgrade(
  settings: Settings,
  request: MigrateRequest,
  listener: MigrateListener = {},
): Promise<MigrateReport> {
  return migrate(settings, MOVEMENT, request, listener)
}

/** The script that, run by psql, does what `downgrade` would do. Throws as `migrationScript`. */
export async function downgradeScript(
  settings: Settings,
  request: ScriptRequest,
  listener: DatabaseListener = {},
): Promise<MigrationScript> {
  const { migrationScript } = await import('./migration-script.ts')
  return migrationScript(settings, MOVEMENT, request, listener)
}

const MOVEMENT: Movement = {
  action: 'downgrade',
  plan: ({ graph, rows, applied }, targets) => planDowngrade(extendGraph(graph, rows), applied, targets),
  copesWith: { ignoreUnknown: true },
  downs: 'files',
}
