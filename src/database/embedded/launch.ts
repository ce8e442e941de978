import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { parse } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EmbeddedServerFailedError } from '../../errors/embedded-errors.ts'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import type { ServerSettings } from './cluster.ts'
import type { Transport } from './postgres-server.ts'
import { endOfLog, logFileIn, withLog } from './server-log.ts'

/** What a keeper is told. */
export interface KeeperOrder {
  readonly folder: string
  readonly binaries: Binaries
  readonly account?: Account
  readonly transport: Transport
  readonly settings: ServerSettings
}

/**
 * Starts a keeper, waits until it has taken its turn (or found it taken), and holds a lease on it for as long as
 * `use` runs, which is the time to connect. The keeper outlives this process and does not hold it up.
 * Throws EmbeddedServerFailedError when it ends before that.
 */
export async function withLaunchedKeeper<T>(order: KeeperOrder, use: () => Promise<T>): Promise<T> {
  const keeper = withLog(order.folder, log => spawnKeeper(order, log))
  try {
    await decided(keeper, order.folder)
    return await use()
  } finally {
    if (keeper.connected) keeper.disconnect()
    keeper.unref()
  }
}

function spawnKeeper(order: KeeperOrder, log: number): ChildProcess {
  // Options such as an inspector's port are meant for the command alone.
  const { NODE_OPTIONS: _, ...env } = process.env
  return spawn(
    process.execPath,
    [fileURLToPath(new URL('./keeper.js', import.meta.url)), JSON.stringify(order)],
    {
      // Any other working folder could not be deleted or unmounted while the server runs.
      cwd: parse(process.execPath).root,
      detached: true,
      env,
      stdio: ['ignore', log, log, 'ipc'],
      windowsHide: true,
    },
  )
}

async function decided(keeper: ChildProcess, folder: string): Promise<void> {
  const ended = once(keeper, 'exit').then(([exitCode, signal]) => {
    const reason = `its keeper ended with ${signal ?? `exit code ${exitCode}`}`
    throw new EmbeddedServerFailedError(reason, logFileIn(folder), endOfLog(folder))
  })
  // It ends long after, too, when nobody listens any more.
  ended.catch(() => undefined)
  await Promise.race([once(keeper, 'message'), ended])
}
