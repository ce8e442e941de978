import { type Exclusion, exclusionFor } from '../database/exclusion.ts'
import type { Session } from '../database/session.ts'
import type { Settings } from '../settings/settings.ts'
import type { MigrateListener } from './migrate.ts'

/** What keeps other runs over the settings' ledger out. */
export function exclusionOf(
  session: Session,
  settings: Settings,
  {
    onWaiting = () => {},
    onAbandoned = () => {},
    stop,
  }: Pick<MigrateListener, 'onWaiting' | 'onAbandoned'> & { readonly stop?: AbortSignal | undefined },
): Exclusion {
  const wait = { waitMs: settings.lockWait, onWaiting, onAbandoned, stop }
  return exclusionFor(session, settings, wait)
}
