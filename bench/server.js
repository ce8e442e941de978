import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leaseEmbeddedServer } from '../dist/src/database/embedded/lease.js'
import { driverFor } from '../dist/test/support/driver.js'

/** The server that everything is measured on: the one SQLBRAID_BENCH_URL names, else the embedded one, on loopback. */
export async function openServer() {
  const url = process.env.SQLBRAID_BENCH_URL ?? (await leaseEmbeddedServer(EMBEDDED)).url
  const sql = driverFor(url)
  const made = []
  const create = async template => {
    const name = `bench_${randomBytes(6).toString('hex')}`
    await (template
      ? sql`create database ${sql(name)} template ${sql(template)}`
      : sql`create database ${sql(name)}`)
    made.push(name)
    return name
  }
  return {
    create,
    address: { host: new URL(url).hostname, port: Number(new URL(url).port || 5432) },
    urlOf: (name, port) => databaseUrl(url, name, port),
    close: async () => {
      for (const name of made) await sql`drop database if exists ${sql(name)} with (force)`
      await sql.end()
    },
  }
}

const EMBEDDED = {
  folder: join(tmpdir(), 'sqlbraid-bench'),
  transport: 'loopback',
  settings: { max_connections: '50' },
}

function databaseUrl(url, name, port) {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  changed.searchParams.set('sslmode', 'disable')
  if (port !== undefined) changed.port = String(port)
  return changed.href
}
