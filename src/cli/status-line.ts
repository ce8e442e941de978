import { clearLine, cursorTo } from 'node:readline'
import sliceAnsi from 'slice-ansi'
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
export function statusLine(stream: NodeJS.WriteStream): StatusLine {
  const line = (text: string) => void stream.write(`${text}\n`)
  return isInteractive(stream) ? liveStatusLine(stream, line) : { line, status: () => {}, end: () => {} }
}

function liveStatusLine(stream: NodeJS.WriteStream, line: ProgressOutput['line']): StatusLine {
  let shown = ''
  const clear = () => {
    cursorTo(stream, 0)
    clearLine(stream, 0)
  }
  const draw = () => {
    clear()
    // The last column stays free: some terminals go on to the next line when it is filled.
    stream.write(sliceAnsi(shown, 0, (stream.columns || 80) - 1))
  }
  stream.on('resize', draw)
  return {
    line: text => {
      clear()
      line(text)
      if (shown !== '') draw()
    },
    status: text => {
      shown = text
      draw()
    },
    end: () => {
      stream.off('resize', draw)
      shown = ''
      clear()
    },
  }
}
