import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** How a run of psql ended. */
export interface PsqlResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Whether this machine has psql. */
export function hasPsql(): boolean {
  try {
    execFileSync('psql', ['--version'])
    return true
  } catch {
    return false
  }
}

/** Runs a script as `psql -X -f` would, in an environment that says nothing else; `env` is added. */
export async function runPsql(
  url: string,
  script: string,
  added: Readonly<Record<string, string>> = {},
): Promise<PsqlResult> {
  const { PATH = '' } = process.env
  const child = spawn('psql', ['-X', '-q', '-d', url, '-f', '-'], { env: { PATH, ...added } })
  child.stdin.end(script)
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ])
  return { code, stdout, stderr }
}
