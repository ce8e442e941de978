import { connect } from '../../src/database/connect.ts'
import { readConnectionOptions } from '../../src/database/connection/connection-options.ts'
import type { Session } from '../../src/database/session.ts'

/** Gives `use` a session on a database, and closes it. */
export async function withSession(url: string, use: (session: Session) => Promise<void>): Promise<void> {
  const options = readConnectionOptions({ url, source: 'the test' }, { env: {}, applicationName: 'test' })
  const session = await connect(options, {})
  try {
    await use(session)
  } finally {
    await session.close()
  }
}
