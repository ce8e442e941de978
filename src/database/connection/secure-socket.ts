import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:tls'
import type { TlsOptions } from './tls-options.ts'

/** PostgreSQL's SSLRequest: its length, and the code that stands in the place of a version. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
const YES = 'S'.charCodeAt(0)

/**
 * The connection as TLS makes it, or the very same one: where none is wanted, or `prefer` meets a server without. Throws
 * what TLS and the connection throw, and an Error where a server without TLS is asked for it, or closes.
 */
export async function secureSocket(socket: Socket, options: TlsOptions): Promise<Socket> {
  if (options === false) return socket
  if ((await askForTls(socket)) !== YES) {
    if (options === 'prefer') return socket
    throw new Error('the server does not support TLS')
  }
  const secured = connect({ ...(options === 'prefer' ? { rejectUnauthorized: false } : options), socket })
  secured.on('error', () => {}) // also a late one, when nobody waits any more
  await once(secured, 'secureConnect')
  return secured
}

async function askForTls(socket: Socket): Promise<number | undefined> {
  const ended = new AbortController()
  const { signal } = ended
  const closed = once(socket, 'close', { signal }).then(() => {
    throw new Error('the server closed the connection without a word')
  })
  try {
    socket.write(SSL_REQUEST)
    const [answer] = (await Promise.race([once(socket, 'data', { signal }), closed])) as [Buffer]
    return answer[0]
  } finally {
    ended.abort()
    closed.catch(() => {})
  }
}
