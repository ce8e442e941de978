import { randomBytes } from 'node:crypto'
import type { ExecutionContext } from 'ava'
import type postgres from 'postgres'
import { driverFor } from './driver.ts'

/** A database of its own for one test. */
export interface TestDatabase {
  readonly name: string
  /** As `--url` takes it. */
  readonly url: string
  /** A connection to look with; never the one under test. */
  readonly sql: postgres.Sql
}

/**
 * Gives a test an empty database on the test server. It is dropped afterwards; the one of a failed test on a server
 * that outlives the run (SQLBRAID_TEST_URL) is kept, and its URL is logged.
 */
export async function withDatabase<T>(
  t: ExecutionContext,
  use: (database: TestDatabase) => Promise<T>,
): Promise<T> {
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`
  const server = driverFor(serverUrl())
  await server`create database ${server(name)}`
  const url = urlOf(name)
  const sql = driverFor(url, 2)
  try {
    const result = await use({ name, url, sql })
    await sql.end({ timeout: 1 })
    if (t.passed) await server`drop database ${server(name)} with (force)`
    return result
  } finally {
    if (!t.passed) t.log(`the database was kept: ${url}`)
    await sql.end({ timeout: 1 })
    await server.end({ timeout: 1 })
  }
}

/** The URL of a database on the test server. */
export function urlOf(database: string): string {
  const url = new URL(serverUrl())
  url.pathname = `/${database}`
  return url.href
}

function serverUrl(): string {
  const url = process.env['SQLBRAID_TEST_URL']
  if (url) return url
  throw new Error(
    'SQLBRAID_TEST_URL is not set: run the tests with ava from the project, which starts a server.',
  )
}
