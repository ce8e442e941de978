import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { EmbeddedAccountMissingError } from '../../errors/embedded-errors.ts'

/** The account that runs the server in place of root. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

const CANDIDATES = ['postgres', 'nobody'] as const
const EXECUTE = 0o1

/**
 * The account to run PostgreSQL as, because it refuses to run as root: the owner of the data when there are
 * some, else `postgres`, else `nobody`. Undefined for anyone but root, who runs it as himself.
 * Throws EmbeddedAccountMissingError when root finds none.
 */
export function serverAccount(dataDirectory: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const account = ownerOf(dataDirectory) ?? accountsByName().find(found => found !== undefined)
  if (account === undefined) throw new EmbeddedAccountMissingError(CANDIDATES)
  return account
}

/** Whether `account` may pass through every folder above `path`, and enter (or execute) `path` itself. */
export function canEnter(account: Account, path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false })
  if (status === undefined || !mayExecute(account, status)) return false
  const parent = dirname(path)
  return parent === path || canEnter(account, parent)
}

function mayExecute(account: Account, status: { uid: number; gid: number; mode: number }): boolean {
  if (status.uid === account.uid) return (status.mode & (EXECUTE << 6)) !== 0
  if (status.gid === account.gid) return (status.mode & (EXECUTE << 3)) !== 0
  return (status.mode & EXECUTE) !== 0
}

function ownerOf(path: string): Account | undefined {
  const status = statSync(path, { throwIfNoEntry: false })
  return status === undefined || status.uid === 0 ? undefined : { uid: status.uid, gid: status.gid }
}

function accountsByName(): (Account | undefined)[] {
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'))
  return CANDIDATES.map(name => entries.find(entry => entry[0] === name)).map(
    // macOS writes nobody's id as -2, which the system calls know as an unsigned number.
    entry => entry && { uid: Number(entry[2]) >>> 0, gid: Number(entry[3]) >>> 0 },
  )
}
