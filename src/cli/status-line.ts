import { clearLine, cursorTo } from 'node:readline'
import type { ProgressOutput } from './render/progress.ts'

/**
 * Progress on a stream. On a terminal the status stands below the lines until the next line replaces it; elsewhere
 * (a file, a pipe, CI) there are only lines.
 */
export function statusLine(
  stream: NodeJS.WriteStream,
  isQuiet: boolean,
): ProgressOutput & { readonly end: () => void } {
  const isLive = stream.isTTY && !process.env['CI']
  const clear = () => {
    if (!isLive) return
    cursorTo(stream, 0)
    clearLine(stream, 0)
  }
  if (isQuiet) return { line: () => {}, status: () => {}, end: () => {} }
  return {
    line: text => {
      clear()
      stream.write(`${text}\n`)
    },
    status: text => {
      if (!isLive) return
      clear()
      stream.write(text.slice(0, (stream.columns || 80) - 1))
    },
    end: clear,
  }
}
