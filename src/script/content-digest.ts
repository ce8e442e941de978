import { createHash } from 'node:crypto'

/** What tells a content from any other, whatever its line ends. */
export interface ContentDigest {
  /** With CRLF as LF. */
  readonly bytes: number
  /** SHA-256 in lower-case hex over its UTF-8, with CRLF as LF. */
  readonly sha256: string
}

/** Takes a content piece by piece, cut anywhere, and digests it in bounded memory. */
export interface Digester {
  readonly add: (bytes: Buffer) => void
  /** The digest of all that was added; nothing can be added afterwards. */
  readonly finish: () => ContentDigest
}

const CARRIAGE_RETURN = 0x0d
const LINE_FEED = 0x0a
const LONE_CARRIAGE_RETURN = Buffer.of(CARRIAGE_RETURN)

/** Starts the digest of a content. */
export function newDigester(): Digester {
  const hash = createHash('sha256')
  let bytes = 0
  let holdsCarriageReturn = false
  const take = (part: Buffer) => {
    hash.update(part)
    bytes += part.length
  }
  return {
    add: part => {
      if (part.length === 0) return
      if (holdsCarriageReturn && part[0] !== LINE_FEED) take(LONE_CARRIAGE_RETURN)
      holdsCarriageReturn = part.at(-1) === CARRIAGE_RETURN
      take(withLineFeeds(holdsCarriageReturn ? part.subarray(0, -1) : part))
    },
    finish: () => {
      if (holdsCarriageReturn) take(LONE_CARRIAGE_RETURN)
      return { bytes, sha256: hash.digest('hex') }
    },
  }
}

/** In Latin-1 each byte is one character, so that nothing else changes. */
function withLineFeeds(part: Buffer): Buffer {
  if (!part.includes(CARRIAGE_RETURN)) return part
  return Buffer.from(part.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
}
