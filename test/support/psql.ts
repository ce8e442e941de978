import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import type { ExecutionContext } from 'ava'
import type { TransactionMode } from '../../src/revision/revision.ts'
import { type PsqlMessage, parsePsqlMessages } from './psql-messages.ts'

/** Whether psql is installed; where it is not, the test passes with a line that says so. */
export function hasPsql(t: ExecutionContext): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  if (folders.some(folder => existsSync(join(folder, 'psql')))) return true
  t.log('skipped: psql is not installed')
  t.pass()
  return false
}

/** A file to be run as a revision is: in one transaction or none, up to its first error, by settings of its own. */
export interface PsqlScript {
  /** Seen from the folder in which psql runs. */
  readonly file: string
  readonly transaction: TransactionMode
}

/** What psql and the server said while one script ran; an error is the last message. */
export interface PsqlOutcome {
  /** What `\echo` has printed. */
  readonly echoes: readonly string[]
  readonly messages: readonly PsqlMessage[]
}

/** Runs scripts one after the other in `folder`, going on behind each that fails; `forgotten` are variables to unset between them. */
export async function runInPsql(
  url: string,
  folder: string,
  scripts: readonly PsqlScript[],
  forgotten: readonly string[] = [],
): Promise<PsqlOutcome[]> {
  const outcomes: PsqlOutcome[] = []
  const forget = forgotten.map(name => `\\unset ${name}\n`).join('')
  while (outcomes.length < scripts.length) {
    const left = scripts.slice(outcomes.length)
    const { stdout, stderr } = await runPsql(
      url,
      folder,
      left.map(script => forget + callOf(script)).join(''),
    )
    const echoes = stdout.split(MARK).slice(1)
    const messages = stderr.split(MARK).slice(1)
    if (messages.length === 0) throw new Error(`psql says: ${stderr}`)
    outcomes.push(
      ...messages.map((said, index) => ({
        echoes: (echoes[index] ?? '').split('\n').filter(line => line !== ''),
        messages: parsePsqlMessages(said),
      })),
    )
  }
  return outcomes
}

const MARK = /^#{8}$/m

function callOf({ file, transaction }: PsqlScript): string {
  const marked = '\\echo ########\n\\warn ########\n'
  const script = `\\i '${file.replaceAll("'", "''")}'\n`
  return `${marked}${transaction === 'on' ? `begin;\n${script}commit;\n` : script}discard all;\n`
}

async function runPsql(url: string, folder: string, input: string) {
  const variables = ['ON_ERROR_STOP=1', 'VERBOSITY=verbose', 'ECHO=errors'].flatMap(set => ['-v', set])
  const args = ['-X', '-q', ...variables, '-o', '/dev/null', '-d', url, '-f', '-']
  const env = { ...process.env, PGCLIENTENCODING: 'UTF8', LC_ALL: 'C' }
  const child = spawn('psql', args, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => {}) // it stops reading at an error
  child.stdin.end(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr }
}
