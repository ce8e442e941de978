import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { chown, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedVersionMismatchError } from '../../errors/embedded-errors.ts'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { type ProgramRun, runProgram } from './run-program.ts'
import { makeWholeFolder } from './whole-folder.ts'

/** The superuser of every embedded server. */
export const SUPERUSER = 'postgres'
/** The database that every embedded server has. */
export const DATABASE = 'sqlbraid'

/** The server's own settings on a command line, each as PostgreSQL spells it. */
export type ServerSettings = Readonly<Record<string, string>>

const CLUSTER = 'cluster'
const DATA = 'data'
const PASSWORD = 'password'

/** Where PostgreSQL's own data lie in a home. */
export function dataDirectoryIn(home: string): string {
  return join(home, CLUSTER, DATA)
}

/** The superuser's password, which only connections over loopback need. */
export function passwordIn(home: string): string {
  return readFileSync(join(home, CLUSTER, PASSWORD), 'utf8')
}

/** Throws EmbeddedVersionMismatchError when `home` holds data that PostgreSQL `major` cannot read. */
export function checkDataVersion(home: string, major: number): void {
  const dataMajor = dataMajorIn(home)
  if (dataMajor !== undefined && dataMajor !== major) {
    throw new EmbeddedVersionMismatchError(dataDirectoryIn(home), dataMajor, major)
  }
}

/**
 * Makes the cluster of `home` when there is none: UTF-8, an order of text that depends on no library of the
 * system, and the database `sqlbraid`.
 */
export async function ensureCluster(
  home: string,
  binaries: Binaries,
  account: Account | undefined,
  settings: ServerSettings,
): Promise<void> {
  if (dataMajorIn(home) !== undefined) return
  await makeWholeFolder(join(home, CLUSTER), async unfinished => {
    const passwordFile = join(unfinished, PASSWORD)
    await writeFile(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 })
    if (account) await giveTo(account, [unfinished, passwordFile])
    const run = { binaries, account, cwd: unfinished }
    await runProgram(initdbRun(run, settings))
    await runProgram(singleUserRun(run, settings), `CREATE DATABASE ${DATABASE}\n`)
  })
}

/** PostgreSQL's `-c name=value` for each setting. */
export function settingArguments(settings: ServerSettings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

function initdbRun(run: Omit<ProgramRun, 'program' | 'args'>, settings: ServerSettings): ProgramRun {
  // The locale provider that is part of PostgreSQL itself came with version 17.
  const builtin = run.binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []
  const args = [
    `--pgdata=${join(run.cwd, DATA)}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${join(run.cwd, PASSWORD)}`,
    // The folder of the local socket is private, and that is its protection.
    '--auth-local=trust',
    '--auth-host=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    ...builtin,
    '--no-instructions',
    ...(settings['fsync'] === 'off' ? ['--no-sync'] : []),
  ]
  return { ...run, program: 'initdb', args }
}

function singleUserRun(run: Omit<ProgramRun, 'program' | 'args'>, settings: ServerSettings): ProgramRun {
  const args = ['--single', '-D', join(run.cwd, DATA), ...settingArguments(settings), 'template1']
  return { ...run, program: 'postgres', args }
}

function dataMajorIn(home: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(dataDirectoryIn(home), 'PG_VERSION'), 'utf8'), 10)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return undefined
  }
}

async function giveTo(account: Account, paths: readonly string[]): Promise<void> {
  for (const path of paths) await chown(path, account.uid, account.gid)
}
