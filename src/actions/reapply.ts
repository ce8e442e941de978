import { planReapply } from '../plan/reapply.ts'
import type { Settings } from '../settings/settings.ts'
import type { Tolerance } from './agreement.ts'
import { type MigrateListener, type MigrateReport, type MigrateRequest, migrate } from './migrate.ts'

export interface ReapplyRequest extends Omit<MigrateRequest, 'targets' | 'from' | keyof Tolerance> {
  /** The id or its beginning, a label, or any other target that names one revision. */
  readonly revision: string
}

/**
 * Reverts an applied revision with the down script that the database has kept, and applies it as its files are now.
 * Throws as `migrate` and `planReapply`.
 */
export function reapply(
  settings: Settings,
  { revision, ...request }: ReapplyRequest,
  listener: MigrateListener = {},
): Promise<MigrateReport> {
  return migrate(
    settings,
    {
      action: 'reapply',
      plan: ({ graph, rows, applied }) => planReapply(graph, rows, applied, revision),
      copesWith: { ignoreChanged: true, ignoreUnknown: true },
      downs: 'ledger',
    },
    { ...request, targets: [revision] },
    listener,
  )
}
