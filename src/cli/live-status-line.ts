import { clearLine, cursorTo } from 'node:readline'
import sliceAnsi from 'slice-ansi'
import type { StatusLine } from './status-line.ts'

/** A status line on a terminal; `line` writes a whole line there. */
export function liveStatusLine(stream: NodeJS.WriteStream, line: StatusLine['line']): StatusLine {
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
