import { planUpgrade } from '../plan/upgrade.ts'
import type { Settings } from '../settings/settings.ts'
import { type MigrateListener, type MigrateReport, type MigrateRequest, migrate } from './migrate.ts'

/** Applies the targets and all they require that is not applied. Throws as `migrate`. */
export function upgrade(
  settings: Settings,
  request: MigrateRequest,
  listener: MigrateListener = {},
): Promise<MigrateReport> {
  return migrate(settings, { action: 'upgrade', plan: planUpgrade }, request, listener)
}
