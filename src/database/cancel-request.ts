import { once } from 'node:events'
import type { Socket } from 'node:net'

/** What the server gave at login so that another connection may cancel this one's statement. */
export interface BackendKey {
  readonly pid: number
  readonly secret: number
}

const CANCEL_REQUEST_CODE = 80877102
const LONGEST_WAIT_MS = 10_000

/**
 * Asks the server to cancel what the backend is running: PostgreSQL's CancelRequest message, on a connection of its
 * own. There is no answer: the server closes when it has read the request, and only then do we, because PgBouncer 1.18
 * ends with all its connections when the client of a request is the first to close. A request that comes between two
 * statements does nothing.
 */
export async function sendCancelRequest(
  openSocket: () => Promise<Socket>,
  { pid, secret }: BackendKey,
): Promise<void> {
  const socket = await openSocket()
  const message = Buffer.alloc(16)
  message.writeInt32BE(16, 0)
  message.writeInt32BE(CANCEL_REQUEST_CODE, 4)
  message.writeUInt32BE(pid, 8)
  message.writeUInt32BE(secret, 12)
  socket.on('error', () => {}) // the server closes as soon as it has read
  socket.setTimeout(LONGEST_WAIT_MS, () => socket.destroy())
  socket.resume()
  socket.write(message)
  await once(socket, 'close')
}
