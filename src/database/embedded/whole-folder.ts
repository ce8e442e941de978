import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Makes the folder `path` whole or not at all: `fill` gets a private folder beside it, which is renamed when it is
 * done. What earlier tries that were killed left there is removed. Only one process at a time may make a path.
 */
export async function makeWholeFolder(
  path: string,
  fill: (unfinished: string) => Promise<void>,
): Promise<void> {
  await removeUnfinished(path)
  const unfinished = await mkdtemp(`${path}-`)
  await fill(unfinished)
  await rename(unfinished, path)
}

async function removeUnfinished(path: string): Promise<void> {
  const names = (await readdir(dirname(path))).filter(name => name.startsWith(`${basename(path)}-`))
  // A program whose keeper was killed may still be writing there.
  const remove = (name: string) =>
    rm(join(dirname(path), name), { recursive: true, force: true, maxRetries: 5 })
  await Promise.all(names.map(remove))
}
