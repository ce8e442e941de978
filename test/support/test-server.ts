import { fileURLToPath } from 'node:url'
import { leaseEmbeddedServer } from '../../src/database/embedded/lease.ts'
import { driverFor } from './driver.ts'

const FOLDER = fileURLToPath(new URL('../../../node_modules/.cache/sqlbraid-test', import.meta.url))

/**
 * Starts the embedded server that the tests use when SQLBRAID_TEST_URL names no other, and gives its URL; it runs for
 * as long as this process. Its data stay for the next time, without what failed tests left there.
 */
export async function leaseTestServer(): Promise<string> {
  const server = await leaseEmbeddedServer({
    folder: FOLDER,
    settings: {
      fsync: 'off',
      full_page_writes: 'off',
      synchronous_commit: 'off',
      max_connections: '200',
      autovacuum: 'off',
    },
  })
  await dropLeftovers(server.url)
  return server.url
}

/** Names of test databases hold the id of the process that made them. */
async function dropLeftovers(url: string): Promise<void> {
  const sql = driverFor(url)
  const found = await sql`select datname from pg_database where datname ~ '^test_[0-9]+_'`
  const leftovers = found
    .map(({ datname }) => String(datname))
    .filter(name => !isRunning(Number(name.split('_')[1])))
  for (const name of leftovers) await sql`drop database if exists ${sql(name)} with (force)`
  await sql.end()
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
