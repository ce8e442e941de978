import { randomUUID } from 'node:crypto'
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isListening } from './knock.ts'

/** What a keeper lets others know of it. */
export interface KeeperRecord {
  /** The path of the socket (on Windows, the pipe) that it listens on. */
  readonly address: string
  /** The folder of the sockets, which a successor removes when the keeper could not. */
  readonly runtimeFolder: string
}

interface Turn {
  readonly number: number
  readonly record: KeeperRecord
}

/**
 * Takes the next turn of being the one keeper of `folder`, for a keeper that listens at `record.address` already.
 * Gives the record of the dead keeper before it (undefined for the first), or `taken` when a living one has the turn.
 *
 * The turns are numbered files, and the highest number rules. A file is made whole and exclusively, by a hard link;
 * it is never removed before a higher one exists, so that a slow contender can neither reuse a number nor overtake:
 * it finds its number taken, or a higher one beside it. A turn ends when its keeper stops listening, in any way.
 */
export async function takeTurn(
  folder: string,
  record: KeeperRecord,
): Promise<{ predecessor: KeeperRecord | undefined } | 'taken'> {
  for (;;) {
    const newest = await newestTurn(folder)
    if (newest && (await isListening({ path: newest.record.address }))) return 'taken'
    const number = (newest?.number ?? 0) + 1
    if (!(await writeTurn(folder, { number, record }))) continue
    const numbers = await turnNumbers(folder)
    const outdated = numbers.filter(other => other < number)
    if (Math.max(...numbers) > number) outdated.push(number)
    await Promise.all(outdated.map(other => rm(turnFile(folder, other), { force: true })))
    if (!outdated.includes(number)) return { predecessor: newest?.record }
  }
}

/** The record of the last keeper of `folder`, living or dead; undefined when there was none. */
export async function newestKeeper(folder: string): Promise<KeeperRecord | undefined> {
  return (await newestTurn(folder))?.record
}

async function newestTurn(folder: string): Promise<Turn | undefined> {
  for (;;) {
    const numbers = await turnNumbers(folder)
    if (numbers.length === 0) return undefined
    const number = Math.max(...numbers)
    const text = await readFile(turnFile(folder, number), 'utf8').catch(ignoreMissing)
    if (text !== undefined) return { number, record: JSON.parse(text) }
  }
}

async function turnNumbers(folder: string): Promise<number[]> {
  const names = (await readdir(folder).catch(ignoreMissing)) ?? []
  return names.flatMap(name => /^keeper-(\d+)\.json$/.exec(name)?.[1] ?? []).map(Number)
}

async function writeTurn(folder: string, { number, record }: Turn): Promise<boolean> {
  const draft = join(folder, `keeper-${randomUUID()}.draft`)
  await writeFile(draft, JSON.stringify(record))
  try {
    await link(draft, turnFile(folder, number))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    await rm(draft)
  }
}

function turnFile(folder: string, number: number): string {
  return join(folder, `keeper-${number}.json`)
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
