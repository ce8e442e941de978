import { closeSync, openSync, readFileSync } from 'node:fs'
import { truncate } from 'node:fs/promises'
import { join } from 'node:path'

const LINES_SHOWN = 20

/** The log of the server and its keeper, of the last start only. */
export function logFileIn(folder: string): string {
  return join(folder, 'server.log')
}

/** Gives `use` the log, open for appending. */
export function withLog<T>(folder: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(logFileIn(folder), 'a')
  try {
    return use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Begins the log anew, so that it never grows for ever and its end tells of this start. */
export async function emptyLog(folder: string): Promise<void> {
  await truncate(logFileIn(folder))
}

/** The last lines. */
export function endOfLog(folder: string): string {
  return readFileSync(logFileIn(folder), 'utf8').trimEnd().split('\n').slice(-LINES_SHOWN).join('\n')
}
