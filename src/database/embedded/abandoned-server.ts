import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { dataDirectoryIn } from './cluster.ts'
import { isListening } from './knock.ts'
import { readPidFile } from './pid-file.ts'
import { requestShutdown, type ServerStart } from './postgres-server.ts'

const GONE_POLL_MS = 10

/**
 * Stops the server that a killed keeper left behind on the data of `home`. Only one that listens at the address
 * in its pid file is that server: after a crash of the machine the process id alone may be anybody's. Nobody
 * listening, the file is removed, because PostgreSQL would refuse to start on the sight of such a stranger.
 */
export async function stopAbandonedServer(
  start: Pick<ServerStart, 'home' | 'binaries' | 'account'>,
): Promise<void> {
  const dataDirectory = dataDirectoryIn(start.home)
  const pidFile = readPidFile(dataDirectory)
  if (pidFile?.address === undefined) return
  if (await isListening(pidFile.address)) {
    await requestShutdown(start, pidFile.pid)
    while (readPidFile(dataDirectory)?.pid === pidFile.pid && isAlive(pidFile.pid)) await pause(GONE_POLL_MS)
  } else {
    await rm(join(dataDirectory, 'postmaster.pid'), { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
