import { existsSync, readFileSync } from 'node:fs'
import { chown, mkdtemp, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import { type Account, canEnter } from './account.ts'

/**
 * Where the cluster of `folder` lies: `folder` itself, or the place named by its file `home`, which exists only
 * where the server's account cannot enter `folder`.
 */
export function findHome(folder: string): string {
  const pointer = join(folder, 'home')
  const elsewhere = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : ''
  return existsSync(elsewhere) ? elsewhere : folder
}

/**
 * The same, made when it is not there. No permission of the user's folders is ever changed: where root's
 * `folder` is closed to `account`, the cluster gets a private folder of the system, named in `folder/home`
 * (and naming `folder` in its own file `project`). Whoever deletes `folder` may delete that one too.
 */
export async function settleHome(folder: string, account: Account | undefined): Promise<string> {
  const home = findHome(folder)
  if (home !== folder || account === undefined || canEnter(account, folder)) return home
  const elsewhere = await makeElsewhere(folder, account)
  await writeFile(join(elsewhere, 'project'), `${folder}\n`)
  await writeFile(join(folder, 'home.new'), `${elsewhere}\n`)
  await rename(join(folder, 'home.new'), join(folder, 'home'))
  return elsewhere
}

async function makeElsewhere(folder: string, account: Account): Promise<string> {
  const elsewhere = await firstToSucceed(
    placesFor(folder).filter(place => canEnter(account, place)),
    place => mkdtemp(join(place, 'sqlbraid-')),
  )
  await chown(elsewhere, account.uid, account.gid)
  return elsewhere
}

/** Systems clean `/var/tmp` up, so only the data of a temporary project go there by choice. */
function placesFor(folder: string): string[] {
  const temporary = ['/tmp', '/var/tmp', resolve(tmpdir())].some(place => folder.startsWith(place + sep))
  return temporary ? ['/var/tmp', '/tmp'] : ['/var/lib', '/var/tmp', '/tmp']
}

async function firstToSucceed<T>(places: readonly string[], make: (place: string) => Promise<T>): Promise<T> {
  const failures: unknown[] = []
  for (const place of places) {
    try {
      return await make(place)
    } catch (error) {
      failures.push(error)
    }
  }
  throw new AggregateError(failures, 'no folder that the server could use may be written')
}
