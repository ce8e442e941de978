import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { EmbeddedServer } from './postgres-server.ts'

/** What a keeper tells whoever connects to it: one line of JSON. */
export type KeeperAnswer =
  | { readonly server: EmbeddedServer }
  | { readonly failure: { readonly reason: string; readonly logEnd: string } }

/** The keeper's side of its leases. */
export interface Leases {
  /** Resolves when the last lease has ended, or with `end`. */
  readonly ended: Promise<void>
  /** Tells every holder, those to come too. Says nothing any more once the leases have ended. */
  answer(answer: KeeperAnswer): void
  /** From now on a newcomer gets no answer; the closing of its connection tells it that it may start anew. */
  end(): void
  /** Stops listening and closes every connection. */
  close(): void
}

/**
 * Listens at `address`, where every open connection is a lease: the kernel closes it with its process, whatever
 * ended that. The channel to the launching process is the first lease, so that there is one from the start.
 */
export async function openLeases(address: string): Promise<Leases> {
  const sockets = new Set<Socket>()
  const over = new AbortController()
  const ended = once(over.signal, 'abort').then(() => undefined)
  let line: string | undefined

  const endAfterLast = () => {
    if (sockets.size === 0 && !process.connected) over.abort()
  }
  const tell = (socket: Socket) => {
    if (line !== undefined && !over.signal.aborted) socket.write(line)
  }
  const listener = await listenAt(address, socket => {
    sockets.add(socket)
    socket.on('close', () => {
      sockets.delete(socket)
      endAfterLast()
    })
    tell(socket)
  })
  process.on('disconnect', endAfterLast)
  endAfterLast()

  const answer = (answer: KeeperAnswer) => {
    line = `${JSON.stringify(answer)}\n`
    sockets.forEach(tell)
  }
  const close = () => {
    listener.close()
    for (const socket of sockets) socket.destroy()
  }
  return { ended, answer, end: () => over.abort(), close }
}

async function listenAt(address: string, onLease: (socket: Socket) => void): Promise<Server> {
  const listener = createServer(socket => {
    socket.on('error', () => undefined)
    // Without a reader the end of a connection would go unnoticed.
    socket.resume()
    onLease(socket)
  })
  await once(listener.listen(address), 'listening')
  return listener
}
