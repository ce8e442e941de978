import type { ProgressOutput } from './render/progress.ts'
import { isInteractive } from './terminal.ts'

/** Progress that ends with the run. */
export interface StatusLine extends ProgressOutput {
  readonly end: () => void
}

/**
 * Progress on a stream. On a terminal the status stands below the lines until the next one replaces it; elsewhere
 * (a file, a pipe, CI) there are only lines.
 */
export async function statusLine(stream: NodeJS.WriteStream): Promise<StatusLine> {
  const line = (text: string) => void stream.write(`${text}\n`)
  if (!isInteractive(stream)) return { line, status: () => {}, end: () => {} }
  const { liveStatusLine } = await import('./live-status-line.ts') // with the widths of all characters
  return liveStatusLine(stream, line)
}
