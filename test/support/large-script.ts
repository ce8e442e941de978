import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

/** Rows of `t (id int, body text)` as a COPY takes them, somewhat more than a file may have to be read whole. */
export function largeRows({ first = 1, lineEnd = '\n' }: { first?: number; lineEnd?: string } = {}): string {
  return rows(first, ROWS_OF_LARGE, lineEnd)
}

/** How many rows `largeRows` gives. */
export const ROWS_OF_LARGE = 2500

/** How long the text of each is: not so long that PostgreSQL would compress it. */
export const BODY_LENGTH = 900

const BODY = 'é'.repeat(BODY_LENGTH)

function rows(first: number, count: number, lineEnd: string): string {
  return Array.from({ length: count }, (_, index) => `${first + index}\t${BODY}${lineEnd}`).join('')
}

/**
 * Writes a file of `before`, rows of about so many bytes, and `after`, without holding it in memory; gives the number
 * of its rows.
 */
export function writeLargeScript(
  file: string,
  bytes: number,
  { before, after, lineEnd = '\n' }: { before: string; after: string; lineEnd?: string },
): number {
  const descriptor = openSync(file, 'w')
  try {
    let count = 0
    writeSync(descriptor, before)
    for (let written = 0; written < bytes; count += BATCH)
      written += writeSync(descriptor, rows(count + 1, BATCH, lineEnd))
    writeSync(descriptor, after)
    return count
  } finally {
    closeSync(descriptor)
  }
}

const BATCH = 1000

/** What a child process must import so that it says on stderr how much memory it has used at most; undefined where no one knows. */
export function peakReporter(): string | undefined {
  try {
    readFileSync('/proc/self/status')
  } catch {
    return undefined
  }
  const source = `import { readFileSync } from 'node:fs'
    process.on('exit', () => console.error(readFileSync('/proc/self/status', 'utf8').match(/VmHWM.*/)[0]))`
  return `data:text/javascript,${encodeURIComponent(source)}`
}

/** What `peakReporter` has said, in MiB. */
export function peakIn(stderr: string): number {
  return Number(/VmHWM:\s*(\d+) kB/.exec(stderr)?.[1]) / 1024
}
