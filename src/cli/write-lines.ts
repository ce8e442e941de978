import { once } from 'node:events'

const CHUNK_LENGTH = 16_384

/**
 * Writes lines as they come, no faster than the reader takes them. When the reader has left (`| head`), it stops, and
 * takes no further line.
 */
export async function writeLines(stream: NodeJS.WritableStream, lines: Iterable<string>): Promise<void> {
  let chunk = ''
  for (const line of lines) {
    chunk += `${line}\n`
    if (chunk.length < CHUNK_LENGTH) continue
    if (!(await isTaken(stream, chunk))) return
    chunk = ''
  }
  await isTaken(stream, chunk)
}

/** Writes pieces one after the other, in the same manner. */
export async function writePieces(
  stream: NodeJS.WritableStream,
  pieces: Iterable<string | Buffer>,
): Promise<void> {
  for (const piece of pieces) if (!(await isTaken(stream, piece))) return
}

/** Writes a chunk and waits until there is room for more; false when nobody reads any longer. */
async function isTaken(stream: NodeJS.WritableStream, chunk: string | Buffer): Promise<boolean> {
  try {
    if (stream.writable && !stream.write(chunk)) await once(stream, 'drain')
    return stream.writable
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false
    throw error
  }
}
