import type { DatabaseListener } from '../database/open-database.ts'
import { planDowngrade } from '../plan/downgrade.ts'
import type { Settings } from '../settings/settings.ts'
import {
  type MigrateListener,
  type MigrateReport,
  type MigrateRequest,
  type Movement,
  migrate,
} from './migrate.ts'
import { type MigrationScript, migrationScript, type ScriptRequest } from './migration-script.ts'

/** Reverts every applied revision above the targets. Throws as `migrate`. */
export function downgrade(
  settings: Settings,
  request: MigrateRequest,
  listener: MigrateListener = {},
): Promise<MigrateReport> {
  return migrate(settings, MOVEMENT, request, listener)
}

/** The script that, run by psql, does what `downgrade` would do. Throws as `migrationScript`. */
export function downgradeScript(
  settings: Settings,
  request: ScriptRequest,
  listener: DatabaseListener = {},
): Promise<MigrationScript> {
  return migrationScript(settings, MOVEMENT, request, listener)
}

const MOVEMENT: Movement = { action: 'downgrade', plan: planDowngrade }
