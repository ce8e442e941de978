import { hash } from 'node:crypto'
import { newDigester } from '../script/content-digest.ts'
import { type GappedText, partsOf } from '../script/gaps.ts'
import { readFileData } from './file-data.ts'

/**
 * The checksum of a script's body (the text below its header, included files expanded): SHA-256 in lower-case hex
 * over its UTF-8, with CRLF as LF and without the white space at its end. docs/format.md promises it. Data that were
 * left in their files are read there. Throws `DataChangedError`.
 */
export function checksumOf(body: GappedText): string {
  const { text, gaps } = withoutSpaceAtEnd(body)
  if (!gaps) return hash('sha256', text.replaceAll('\r\n', '\n')) // takes a quarter of the time
  const digester = newDigester()
  for (const part of partsOf({ text, gaps })) {
    if (typeof part === 'string') digester.add(Buffer.from(part))
    else for (const bytes of readFileData(part)) digester.add(bytes)
  }
  return digester.finish().sha256
}

/** A gap is not at the end: there the line `\.` follows. */
function withoutSpaceAtEnd({ text, ...gaps }: GappedText): GappedText {
  return { text: text.trimEnd(), ...gaps }
}
