/**
 * The keeper: a process of its own that starts the server as its child and stops it with the last lease.
 * `launch.ts` starts it, with an order as its only argument.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { stopAbandonedServer } from './abandoned-server.ts'
import { ensureCluster } from './cluster.ts'
import { settleHome } from './home.ts'
import { type Leases, openLeases } from './keeper-leases.ts'
import { type KeeperRecord, takeTurn } from './keeper-turn.ts'
import type { KeeperOrder } from './launch.ts'
import { type RunningServer, startPostgres } from './postgres-server.ts'
import { KEEPER_SOCKET, makeRuntimeFolder, removeRuntimeFolder } from './runtime-folder.ts'
import { emptyLog, endOfLog } from './server-log.ts'
import { usableBinaries } from './usable-binaries.ts'

interface KeeperTurn {
  readonly order: KeeperOrder
  readonly runtimeFolder: string
  readonly predecessor: KeeperRecord | undefined
}

keep(JSON.parse(process.argv[2] ?? ''))

async function keep(order: KeeperOrder): Promise<void> {
  const runtimeFolder = await makeRuntimeFolder(order.account)
  const address = controlAddress(runtimeFolder)
  const leases = await openLeases(address)
  try {
    const turn = await takeTurn(order.folder, { address, runtimeFolder })
    tellLauncher()
    if (turn === 'taken') return
    await serve({ order, runtimeFolder, predecessor: turn.predecessor }, leases)
  } finally {
    await removeRuntimeFolder(runtimeFolder)
    leases.close()
    if (process.connected) process.disconnect()
  }
}

async function serve(turn: KeeperTurn, leases: Leases): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, leases.end)
  const running = await start(turn).catch((error: Error) => {
    leases.answer({ failure: { reason: error.message, logEnd: endOfLog(turn.order.folder) } })
  })
  if (running) await serveUntilReleased(running, leases)
  else await leases.ended
}

async function start({ order, runtimeFolder, predecessor }: KeeperTurn): Promise<RunningServer> {
  const { folder, account, settings } = order
  await emptyLog(folder)
  const home = await settleHome(folder, account)
  const binaries = await usableBinaries(order.binaries, account, home)
  await stopAbandonedServer({ home, binaries, account })
  if (predecessor) await removeRuntimeFolder(predecessor.runtimeFolder)
  await ensureCluster(home, binaries, account, settings)
  return startPostgres({ ...order, account, home, binaries, runtimeFolder })
}

async function serveUntilReleased(running: RunningServer, leases: Leases): Promise<void> {
  leases.answer({ server: running.server })
  await Promise.race([leases.ended, running.exited])
  leases.end()
  await running.stop()
}

/** It waits for this word, unless it has been killed meanwhile. */
function tellLauncher(): void {
  process.send?.('decided', undefined, undefined, () => undefined)
}

function controlAddress(runtimeFolder: string): string {
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\sqlbraid-${randomUUID()}`
    : join(runtimeFolder, KEEPER_SOCKET)
}
