import type { DatabaseListener } from '../database/open-database.ts'
import { planUpgrade } from '../plan/upgrade.ts'
import type { Settings } from '../settings/settings.ts'
import { type MigrateListener, type MigrateReport, type MigrateRequest, migrate } from './migrate.ts'
import type { MigrationScript, ScriptRequest } from './migration-script.ts'
import type { Movement } from './movement.ts'

/** Applies the targets and all they require that is not applied. Throws as `migrate`. */
export function upgrade(
  settings: Settings,
  request: MigrateRequest,
  listener: MigrateListener = {},
): Promise<MigrateReport> {
  return migrate(settings, MOVEMENT, request, listener)
}

/** The script that, run by psql, does what `upgrade` would do. Throws as `migrationScript`. */
export async function upgradeScript(
  settings: Settings,
  request: ScriptRequest,
  listener: DatabaseListener = {},
): Promise<MigrationScript> {
  const { migrationScript } = await import('./migration-script.ts')
  return migrationScript(settings, MOVEMENT, request, listener)
}

const MOVEMENT: Movement = {
  action: 'upgrade',
  plan: ({ graph, applied }, targets) => planUpgrade(graph, applied, targets),
  downs: 'files',
}
