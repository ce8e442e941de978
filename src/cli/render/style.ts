import { styleText } from 'node:util'

/** How text is made to stand out on one stream; on a stream without colours each function gives its text as it is. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly blue: (text: string) => string
  readonly cyan: (text: string) => string
  readonly magenta: (text: string) => string
}

export const PLAIN: Style = styleWith(() => text => text)

export const COLOURED: Style = styleWith(format => text => styleText(format, text, { validateStream: false }))

function styleWith(paint: (format: keyof Style) => (text: string) => string): Style {
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    blue: paint('blue'),
    cyan: paint('cyan'),
    magenta: paint('magenta'),
  }
}
