import { connect, type NetConnectOpts, type Socket } from 'node:net'

const NOBODY_LISTENS = ['ECONNREFUSED', 'ENOENT']

/**
 * Connects to whoever listens at `address`; undefined when nobody does. The kernel closes a socket with its
 * process, so the answer tells a living process from a dead one, where a process id could have been given away.
 */
export function knock(address: NetConnectOpts): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(address)
    socket.once('connect', () => {
      socket.removeAllListeners('error').on('error', () => undefined)
      resolve(socket)
    })
    socket.once('error', (error: NodeJS.ErrnoException) =>
      NOBODY_LISTENS.includes(error.code ?? '') ? resolve(undefined) : reject(error),
    )
  })
}

/** Whether anybody listens at `address`. */
export async function isListening(address: NetConnectOpts): Promise<boolean> {
  const socket = await knock(address)
  socket?.destroy()
  return socket !== undefined
}
