import { planDowngrade } from '../plan/downgrade.ts'
import type { Settings } from '../settings/settings.ts'
import { type MigrateListener, type MigrateReport, type MigrateRequest, migrate } from './migrate.ts'

/** Reverts every applied revision above the targets. Throws as `migrate`. */
export function downgrade(
  settings: Settings,
  request: MigrateRequest,
  listener: MigrateListener = {},
): Promise<MigrateReport> {
  return migrate(settings, { action: 'downgrade', plan: planDowngrade }, request, listener)
}
