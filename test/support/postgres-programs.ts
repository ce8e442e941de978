import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { ordinaryAccount } from './embedded-project.ts'
import { guardServer } from './server-guard.ts'

const NEEDED = ['initdb', 'pg_ctl', 'postgres', 'pg_dump', 'psql']
const DEBIAN = '/usr/lib/postgresql'

/** PostgreSQL's own programs, and a server of the same version. */
export interface PostgresPrograms {
  /** The URL of the server's database `postgres`. */
  readonly url: string
  /** Runs `psql` or `pg_dump` and gives its output; throws what it says when it fails. */
  readonly run: (program: 'psql' | 'pg_dump', args: readonly string[]) => string
}

/**
 * Starts a server beside an installed psql and pg_dump, which refuses to read newer servers than itself, on a private
 * socket. Where they are not installed, the test passes with a line that says so.
 */
export async function withPostgresPrograms(
  t: ExecutionContext,
  use: (programs: PostgresPrograms) => Promise<void>,
): Promise<void> {
  const folder = programsFolder()
  if (folder === undefined) {
    t.log(`skipped: ${NEEDED.join(', ')} are not installed together`)
    t.pass()
    return
  }
  const account = ordinaryAccount()
  const home = mkdtempSync('/tmp/braid-pg-')
  if (account) chownSync(home, account.uid, account.gid)
  const asServer = (program: string, args: readonly string[]) =>
    execFileSync(join(folder, program), args, { ...account, cwd: home, stdio: ['ignore', 'ignore', 'pipe'] })
  const data = join(home, 'data')
  guardServer({ control: join(folder, 'pg_ctl'), data, folder: home, account })
  asServer('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'])
  asServer('pg_ctl', ['-D', data, '-l', join(home, 'log'), '-o', `-F -k ${home} -h ''`, '-w', 'start'])
  try {
    await use({
      url: `postgresql:///postgres?host=${encodeURIComponent(home)}&user=postgres`,
      run: (program, args) =>
        execFileSync(join(folder, program), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    })
  } finally {
    asServer('pg_ctl', ['-D', data, '-m', 'immediate', 'stop'])
    rmSync(home, { recursive: true, force: true })
  }
}

/** Debian keeps the programs of its versions beside each other, out of the path. */
function programsFolder(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : []
  const debian = versions.sort((one, other) => other - one).map(version => join(DEBIAN, `${version}`, 'bin'))
  const folders = [...debian, ...(process.env['PATH'] ?? '').split(delimiter)]
  return folders.find(folder => NEEDED.every(program => existsSync(join(folder, program))))
}
