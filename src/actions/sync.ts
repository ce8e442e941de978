import { planSync } from '../plan/sync.ts'
import type { Settings } from '../settings/settings.ts'
import { type MigrateListener, type MigrateReport, type MigrateRequest, migrate } from './migrate.ts'

export type SyncRequest = Omit<MigrateRequest, 'targets' | 'from' | 'ignoreUnknown'>

/**
 * Makes the database match this checkout: reverts what has no file here, and what was applied upon that, with the
 * down scripts that the database has kept, then applies the heads. Throws as `migrate`.
 */
export function sync(
  settings: Settings,
  request: SyncRequest = {},
  listener: MigrateListener = {},
): Promise<MigrateReport> {
  return migrate(
    settings,
    {
      action: 'sync',
      plan: ({ graph, rows, applied }) => planSync(graph, rows, applied),
      copesWith: { ignoreUnknown: true },
      downs: 'ledger',
    },
    { ...request, targets: ['heads'] },
    listener,
  )
}
