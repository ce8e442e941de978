import { fileURLToPath } from 'node:url'
import { leaseEmbeddedServer } from '../../src/database/embedded/lease.ts'
import { driverFor } from './driver.ts'

const CACHE = new URL('../../../node_modules/.cache/', import.meta.url)

/** What a server needs whose data nobody will miss. */
export const TEST_SERVER_SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '200',
  autovacuum: 'off',
}

/**
 * Starts one of the embedded servers that the tests use, and gives its URL; it runs for as long as this process. Its
 * data stay for the next time, without what failed tests left there. Proofs have a server of their own, because roles
 * belong to a whole server: those that other tests make must not come and go between two looks at a catalog.
 */
export async function leaseTestServer(purpose: 'tests' | 'proofs'): Promise<string> {
  const server = await leaseEmbeddedServer({
    folder: fileURLToPath(new URL(`sqlbraid-${purpose}`, CACHE)),
    settings: TEST_SERVER_SETTINGS,
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
