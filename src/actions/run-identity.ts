import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import { promisify } from 'node:util'
import type { RunIdentity } from '../ledger/bookkeeping.ts'
import { TOOL_VERSION } from '../ledger/tool-version.ts'

/** Who runs, with the id of the run as it is: no variable of psql. */
export type NewRunIdentity = RunIdentity & { readonly runId: string }

/** A UUID. */
export function newRunId(): string {
  return randomUUID()
}

/** Who runs now, from which machine and commit. What cannot be found out is left out. */
export async function newRunIdentity(root: string, runId = newRunId()): Promise<NewRunIdentity> {
  const gitCommit = await currentCommit(root)
  const osUser = systemUser()
  return {
    runId,
    toolVersion: TOOL_VERSION,
    host: hostname(),
    ...(osUser === undefined ? {} : { osUser }),
    ...(gitCommit === undefined ? {} : { gitCommit }),
  }
}

async function currentCommit(folder: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: folder })
    return stdout.trim()
  } catch {
    return undefined
  }
}

function systemUser(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined // a container's user without an entry in /etc/passwd
  }
}
