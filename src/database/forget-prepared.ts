import type { Session } from './session.ts'
import type { Turn } from './turn.ts'

/**
 * To be done behind the rollback of an attempt: that leaves the statements that a script has prepared, and preparing them
 * again would fail.
 */
export async function forgetPrepared(session: Session, { footing }: Turn): Promise<void> {
  if (footing.keepsSession) await session.query('deallocate all')
}
