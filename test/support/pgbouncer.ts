import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { Account } from '../../src/database/embedded/account.ts'
import { driverFor } from './driver.ts'
import { ordinaryAccount, until } from './embedded-project.ts'
import { freePort } from './free-port.ts'

const PROGRAMS = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer']

/**
 * Starts PgBouncer in transaction mode before a database, with few connections, and gives the URL through it;
 * undefined, with a line, where it is not installed.
 */
export async function pgbouncerBefore(t: ExecutionContext, url: string): Promise<string | undefined> {
  const program = PROGRAMS.find(path => existsSync(path))
  if (program === undefined) {
    t.log('skipped: PgBouncer is not installed')
    t.pass()
    return undefined
  }
  const folder = mkdtempSync('/tmp/braid-pool-')
  const account = accountFor(url)
  const port = await freePort()
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(file, configuration(url, port))
  if (account) for (const path of [folder, file]) chownSync(path, account.uid, account.gid)
  const pooler = spawn(program, ['--quiet', file], {
    ...account,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exited = once(pooler, 'exit')
  t.teardown(async () => {
    pooler.kill('SIGINT')
    pooler.kill('SIGKILL')
    await exited
    rmSync(folder, { recursive: true, force: true })
  })
  const through = `postgres://anyone@127.0.0.1:${port}${new URL(url).pathname}?sslmode=disable`
  await until(() => answers(through), 'PgBouncer answers')
  return through
}

/** PgBouncer refuses to run as root; the server's own account may use its socket. */
function accountFor(url: string): Account | undefined {
  const folder = new URL(url).searchParams.get('host')
  if (process.getuid?.() !== 0 || !folder?.startsWith('/')) return ordinaryAccount()
  const { uid, gid } = statSync(folder)
  return uid === 0 ? ordinaryAccount() : { uid, gid }
}

function configuration(url: string, port: number): string {
  const { hostname, port: given, searchParams, username } = new URL(url)
  const host = searchParams.get('host') ?? hostname
  const user = searchParams.get('user') ?? username
  return `[databases]
* = host=${host} port=${searchParams.get('port') ?? (given || 5432)} user=${user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
`
}

async function answers(url: string): Promise<boolean> {
  const sql = driverFor(url)
  try {
    await sql.unsafe('select 1')
    return true
  } catch {
    return false
  } finally {
    await sql.end({ timeout: 1 })
  }
}
