import { readFileSync } from 'node:fs'
import type { NetConnectOpts } from 'node:net'
import { join } from 'node:path'

/** What PostgreSQL's `postmaster.pid` says, as far as it is written yet. */
export interface PidFile {
  readonly pid: number
  /** Where the server listens. */
  readonly address: NetConnectOpts | undefined
  /** `starting`, `stopping`, `ready` or `standby`. */
  readonly status: string | undefined
}

/** Reads it; undefined when no server runs on the data. The lines are those of PostgreSQL's `utils/pidfile.h`. */
export function readPidFile(dataDirectory: string): PidFile | undefined {
  let lines: string[]
  try {
    lines = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return undefined
  }
  const [pid, , , port, socketFolder, listenAddress, , status] = lines.map(line => line.trim())
  return { pid: Number(pid), address: addressOf(port, socketFolder, listenAddress), status }
}

function addressOf(port?: string, socketFolder?: string, listenAddress?: string): NetConnectOpts | undefined {
  if (!port) return undefined
  if (socketFolder) return { path: join(socketFolder, `.s.PGSQL.${port}`) }
  return listenAddress ? { host: listenAddress, port: Number(port) } : undefined
}
