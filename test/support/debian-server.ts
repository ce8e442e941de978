import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { ordinaryAccount } from './embedded-project.ts'
import { guardServer } from './server-guard.ts'

/** Where Debian's package puts the programs of PostgreSQL 15, pg_dump among them. */
export const DEBIAN_PROGRAMS = '/usr/lib/postgresql/15/bin'

/** A server of the same version as pg_dump, which refuses newer ones. */
export interface DebianServer {
  /** Of the database `postgres`, as the superuser `postgres`, on a private unix socket. */
  readonly url: string
  /** Where all of it lies. */
  readonly folder: string
  readonly start: () => void
  /** Copies files into the data directory, by the names that they are to have. */
  readonly adopt: (files: Readonly<Record<string, string>>) => void
  /** Kills every process of the server, as a crash would, and starts it anew. */
  readonly crash: () => void
}

interface ServerConfiguration {
  /** A server that runs, whose standby it becomes. */
  readonly primary?: DebianServer
  readonly configuration?: readonly string[]
  readonly access?: readonly string[]
}

/**
 * Makes a server that is not started yet, and is stopped and deleted after the test; undefined, with a line, without
 * PostgreSQL. It takes lines for its configuration and for `pg_hba.conf`, which come before those that trust everybody.
 */
export function debianServer(
  t: ExecutionContext,
  { primary, configuration = [], access = [] }: ServerConfiguration = {},
): DebianServer | undefined {
  if (!existsSync(join(DEBIAN_PROGRAMS, 'initdb'))) {
    t.log(`skipped: there is no PostgreSQL in ${DEBIAN_PROGRAMS}`)
    t.pass()
    return undefined
  }
  const folder = mkdtempSync('/tmp/braid-pg-')
  const account = ordinaryAccount()
  if (account) execFileSync('chown', [`${account.uid}:${account.gid}`, folder])
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  guardServer({ control: join(DEBIAN_PROGRAMS, 'pg_ctl'), data, folder, account })
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(join(DEBIAN_PROGRAMS, program), args, { ...account, cwd: folder, stdio: 'ignore' })
  if (primary === undefined)
    run('initdb', '--pgdata', data, '--username=postgres', '--auth=trust', '--no-sync')
  else {
    const options = ['--write-recovery-conf', '--checkpoint=fast', '--no-sync']
    run('pg_basebackup', '--pgdata', data, '--dbname', primary.url, ...options)
  }
  const rules = join(data, 'pg_hba.conf')
  writeFileSync(rules, [...access, readFileSync(rules, 'utf8')].join('\n'))
  appendFileSync(
    join(data, 'postgresql.conf'),
    [
      "listen_addresses = ''",
      `unix_socket_directories = '${folder}'`,
      'fsync = off',
      ...configuration,
      '',
    ].join('\n'),
  )
  t.teardown(() => {
    if (existsSync(join(data, 'postmaster.pid'))) run('pg_ctl', 'stop', '--pgdata', data, '--mode=immediate')
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    folder,
    adopt: files => {
      for (const [name, source] of Object.entries(files)) {
        copyFileSync(source, join(data, name))
        chmodSync(join(data, name), 0o600)
        if (account) chownSync(join(data, name), account.uid, account.gid)
      }
    },
    url: `postgresql:///postgres?host=${folder}&user=postgres`,
    crash: () => run('pg_ctl', 'restart', '--wait', '--pgdata', data, '--mode=immediate'),
    start: () => run('pg_ctl', 'start', '--wait', '--pgdata', data),
  }
}
