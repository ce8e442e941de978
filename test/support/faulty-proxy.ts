import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import { addressOf } from './wire.ts'

/** What becomes of a connection once the client has sent so many bytes. */
export interface Fault {
  readonly afterBytes: number
  /** `cut`: both sides at once. `half-close`: the client hears the end, the server hears nothing. `delay`: it goes on later. */
  readonly kind: 'cut' | 'half-close' | 'delay'
}

/** A way to a database on which something goes wrong. */
export interface FaultyProxy {
  readonly url: string
  /** How many bytes clients have sent so far. */
  readonly sent: () => number
}

/** Puts a proxy before a database; without a fault it only counts. */
export async function openFaultyProxy(t: ExecutionContext, url: string, fault?: Fault): Promise<FaultyProxy> {
  let sent = 0
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, client => {
    const target = connect({ ...addressOf(url), allowHalfOpen: true })
    for (const socket of [client, target]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    target.on('data', data => client.write(data)).on('end', () => client.end())
    client.on('end', () => target.end()).on('close', () => target.end())
    client.on('data', async data => {
      const isDue = fault !== undefined && sent <= fault.afterBytes && sent + data.length > fault.afterBytes
      sent += data.length
      if (!isDue) return target.write(data)
      const before = data.subarray(0, fault.afterBytes - (sent - data.length))
      if (before.length > 0) target.write(before)
      if (fault.kind === 'cut') {
        client.destroy()
        return target.destroy()
      }
      if (fault.kind === 'half-close') return client.end()
      client.pause()
      await pause(200)
      target.write(data.subarray(before.length))
      return client.resume()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const through = new URL(url)
  through.searchParams.set('host', '127.0.0.1')
  through.searchParams.set('port', String((server.address() as AddressInfo).port))
  through.searchParams.set('sslmode', 'disable')
  return { url: through.href, sent: () => sent }
}
