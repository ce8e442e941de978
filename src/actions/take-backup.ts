import { mkdirSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ConnectedSession } from '../database/connect.ts'
import { isSocketHost } from '../database/connection/hosts.ts'
import { dumpDatabase } from '../database/dump-database.ts'
import { embeddedFolder } from '../database/open-database.ts'
import { BackupFailedError } from '../errors/backup-errors.ts'
import { RunInterruptedError } from '../errors/run-errors.ts'
import type { Settings } from '../settings/settings.ts'

/** A backup that was taken. */
export interface Backup {
  readonly file: string
  /** For a shell: makes the database what it was, dropping what it has become. */
  readonly restore: string
}

/** Where to, if not to a file of its own, and what ends it. */
export interface BackupRequest {
  readonly file?: string | undefined
  /** Its reason is the name of a signal. */
  readonly stop?: AbortSignal | undefined
}

/**
 * Writes a backup of the session's database to `file`, a new one under `.sqlbraid/backups` by default. Nobody else may
 * read it, and no file is ever overwritten. Throws `BackupFailedError` and `RunInterruptedError`, and leaves no file then.
 */
export async function takeBackup(
  session: ConnectedSession,
  settings: Pick<Settings, 'root' | 'role' | 'env' | 'pgDump'>,
  { file = defaultFile(session, settings), stop }: BackupRequest = {},
): Promise<Backup> {
  const handle = await createFile(file)
  try {
    await dump(session, settings, { file, stop }, handle)
  } catch (error) {
    await rm(file, { force: true })
    throw stop?.aborted ? new RunInterruptedError(String(stop.reason), [], { cause: error }) : error
  } finally {
    await handle.close()
  }
  return { file, restore: restoreCommand(session, file) }
}

function defaultFile({ server }: ConnectedSession, settings: Pick<Settings, 'root'>): string {
  const instant = new Date().toISOString().replace(/\D/g, '').slice(0, 17)
  const name = server.database.replace(/[^\p{L}\p{N}._-]/gu, '_')
  return join(embeddedFolder(settings), 'backups', `${name}_${instant}.dump`)
}

async function createFile(file: string): Promise<FileHandle> {
  try {
    mkdirSync(dirname(file), { recursive: true })
    return await open(file, 'wx', 0o600)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'EEXIST' ? 'it exists already' : String(cause)
    throw new BackupFailedError(file, `${reason}.`, ['sqlbraid upgrade --backup-file FILE …'], { cause })
  }
}

async function dump(
  session: ConnectedSession,
  { pgDump: program, role, env }: Pick<Settings, 'role' | 'env' | 'pgDump'>,
  { file, stop }: { readonly file: string; readonly stop: AbortSignal | undefined },
  { fd: descriptor }: FileHandle,
): Promise<void> {
  const complaint = await dumpDatabase(session, { program, role, env, descriptor, stop }).catch(cause => {
    const advice = ['apt install postgresql-client', 'pg_dump = "/path/to/pg_dump" in sqlbraid.toml']
    throw new BackupFailedError(file, `${program} cannot be started.`, advice, { cause })
  })
  if (complaint === undefined) return
  const major = Math.floor(session.server.versionNumber / 10_000)
  throw new BackupFailedError(file, complaint, [
    `pg_dump = "/path/to/pg_dump" in sqlbraid.toml   # of version ${major} or newer, as the server is`,
  ])
}

function restoreCommand({ host, options, server }: ConnectedSession, file: string): string {
  const elsewhere = server.database === 'postgres' ? 'template1' : 'postgres'
  const words = [
    'pg_restore --clean --create --exit-on-error',
    `--host=${quoted(isSocketHost(host) ? host.folder : host.host)} --port=${host.port}`,
    `--username=${quoted(options.user)} --dbname=${elsewhere}`,
    quoted(file),
  ]
  return words.join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
