import { chown, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Account, canEnter } from './account.ts'

/** The name of the keeper's own socket in the folder. */
export const KEEPER_SOCKET = 'keeper'

/** macOS allows 104 bytes for the path of a unix socket, its final NUL included; Linux 108. */
const LONGEST_SOCKET_PATH = 103
const LONGEST_NAME = join('sqlbraid-XXXXXX', '.s.PGSQL.65535')

/**
 * Makes the private folder that holds the sockets of one run of the server, in a place where their paths are
 * short enough. Only this user and `account` can enter it: that is what protects the server.
 */
export async function makeRuntimeFolder(account: Account | undefined): Promise<string> {
  const usable = (place: string) =>
    Buffer.byteLength(join(place, LONGEST_NAME)) <= LONGEST_SOCKET_PATH &&
    (account === undefined || canEnter(account, place))
  const place = [tmpdir(), '/tmp'].find(usable) ?? tmpdir()
  const folder = await mkdtemp(join(place, 'sqlbraid-'))
  if (account) await chown(folder, account.uid, account.gid)
  return folder
}

/**
 * Removes such a folder, if it is there. The path may come from a file that anybody wrote, so nothing goes but
 * the sockets and their lock files.
 */
export async function removeRuntimeFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const sockets = names.filter(name => name === KEEPER_SOCKET || name.startsWith('.s.PGSQL.'))
  await Promise.all(sockets.map(name => rm(join(folder, name), { force: true })))
  await rmdir(folder).catch(() => undefined)
}
