import { chmod, chown, cp, lstat, readdir, readFile, stat, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { type Account, canEnter } from './account.ts'
import { type Binaries, type Program, programPath } from './binaries.ts'
import { makeWholeFolder } from './whole-folder.ts'

const PROGRAMS: readonly Program[] = ['initdb', 'pg_ctl', 'postgres']
const EXECUTABLE_BY_ALL = 0o555

/**
 * Binaries that `account` (undefined: this process's own) can start: the installed ones when it can reach them
 * and what a skipped `postinstall` left out could be added, else a copy under `home`, made once a version.
 */
export async function usableBinaries(
  installed: Binaries,
  account: Account | undefined,
  home: string,
): Promise<Binaries> {
  const reachable = account === undefined || canEnter(account, programPath(installed, 'postgres'))
  if (reachable && (await completed(installed))) return installed
  const copy = { ...installed, root: join(home, `postgresql-${installed.version}`) }
  if (!(await exists(copy.root))) await copyBinaries(installed, copy, account)
  return copy
}

/** Does what the package's `postinstall` does; false where `node_modules` is read-only. */
async function completed(binaries: Binaries): Promise<boolean> {
  try {
    await complete(binaries)
    return true
  } catch (error) {
    if (['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

async function complete(binaries: Binaries): Promise<void> {
  for (const { source, target } of await listedLinks(binaries)) {
    // The list's paths are relative to the package, whose `native` folder is the root.
    const link = join(binaries.root, relative('native', target))
    if (await exists(link)) continue
    await symlink(relative(dirname(target), source), link).catch(ignoreExisting)
  }
  for (const program of PROGRAMS) await makeExecutable(programPath(binaries, program))
}

async function listedLinks(binaries: Binaries): Promise<{ source: string; target: string }[]> {
  const list = await readFile(join(binaries.root, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  return JSON.parse(list)
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path)
  if ((mode & EXECUTABLE_BY_ALL) !== EXECUTABLE_BY_ALL) await chmod(path, mode | EXECUTABLE_BY_ALL)
}

async function copyBinaries(from: Binaries, to: Binaries, account: Account | undefined): Promise<void> {
  await makeWholeFolder(to.root, async unfinished => {
    await cp(from.root, unfinished, { recursive: true, verbatimSymlinks: true })
    await complete({ ...to, root: unfinished })
    if (account) await giveFolder(unfinished, account)
  })
}

async function giveFolder(folder: string, { uid, gid }: Account): Promise<void> {
  await chown(folder, uid, gid)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath, entry.name), uid, gid)
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
