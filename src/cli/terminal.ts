import { COLOURED, PLAIN, type Style } from './render/style.ts'

/** Whether lines on this stream may be coloured and replaced: a person looks at it, and not the log of a CI server. */
export function isInteractive(stream: NodeJS.WriteStream): boolean {
  const { CI, TERM } = process.env
  return stream.isTTY === true && (!CI || CI === 'false') && TERM !== 'dumb'
}

/** Node knows the rest: `NO_COLOR`, `FORCE_COLOR` and what the terminal can do. */
export function styleFor(stream: NodeJS.WriteStream): Style {
  return isInteractive(stream) && stream.hasColors() ? COLOURED : PLAIN
}
