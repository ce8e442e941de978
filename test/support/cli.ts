import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export const BIN = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

/** What a command printed and how it ended. */
export interface Answer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The one JSON document on stdout; throws when there is not exactly one. */
  readonly json: unknown
}

export interface CliOptions {
  /** Added to an environment that says nothing of a database, a terminal or CI. */
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

/** A folder of a user's, and the command line in it. */
export interface CliProject {
  readonly root: string
  /** Runs `sqlbraid` in the folder. */
  run(args: readonly string[], options?: CliOptions): Promise<Answer>
  write(path: string, text: string | Uint8Array): void
}

/** Files by their path in the project. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** Gives `use` a project of `files` in a temporary folder, which is deleted afterwards. */
export async function withCliProject<T>(files: Files, use: (project: CliProject) => Promise<T>): Promise<T> {
  const root = mkdtempSync('/tmp/braid-cli-')
  const write: CliProject['write'] = (path, content) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  for (const [path, content] of Object.entries(files)) write(path, content)
  try {
    return await use({ root, write, run: (args, options) => runCli(root, args, options) })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** An up and a down file for each id of a line of revisions; each makes a table, or runs the SQL given for it. */
export function lineOfRevisions(ids: readonly string[], sql: Readonly<Record<string, string>> = {}): Files {
  const files = ids.map((id, index) => {
    const header = `-- revision: ${id}\n-- parents: ${ids[index - 1] ?? 'none'}\n-- message: add ${id}\n`
    return {
      [`migrations/${id}.up.sql`]: `${header}\n${sql[id] ?? `create table ${id} ();`}\n`,
      [`migrations/${id}.down.sql`]: `-- revision: ${id}\n\ndrop table ${id};\n`,
    }
  })
  return Object.assign({}, ...files)
}

/** The environment of a user who has configured nothing. */
export function cleanEnvironment(added: CliOptions['env'] = {}): Record<string, string> {
  const { PATH = '', HOME = '', LANG = 'C.UTF-8' } = process.env
  return { PATH, HOME, LANG, ...added }
}

async function runCli(cwd: string, args: readonly string[], options: CliOptions = {}): Promise<Answer> {
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: cleanEnvironment(options.env) })
  child.stdin.end(options.input ?? '')
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ])
  return {
    code,
    stdout,
    stderr,
    get json() {
      return JSON.parse(stdout)
    },
  }
}
