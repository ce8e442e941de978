import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import type { ExecutionContext } from 'ava'

/** Whether psql is installed; where it is not, the test passes with a line that says so. */
export function hasPsql(t: ExecutionContext): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  if (folders.some(folder => existsSync(join(folder, 'psql')))) return true
  t.log('skipped: psql is not installed')
  t.pass()
  return false
}

/** Runs psql in `folder` on a test database and gives what it prints: rows without headers, errors as their SQLSTATE. */
export async function runPsql(
  url: string,
  folder: string,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const fixed = ['-X', '-q', '-A', '-t', '-v', 'VERBOSITY=sqlstate', '-d', url]
  const env = { ...process.env, PGCLIENTENCODING: 'UTF8', PGOPTIONS: '-c client_min_messages=error' }
  const child = spawn('psql', [...fixed, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr }
}
