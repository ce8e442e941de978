import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/**
 * A proxy before a server, which holds back everything for `delayMs` on each way, and counts how often a client spoke
 * after the server had.
 */
export async function openWire({ host, port }, delayMs) {
  const wire = { turns: 0 }
  const server = createServer({ noDelay: true }, client => {
    const upstream = connect({ host, port, noDelay: true })
    let lastSpeaker = 'server'
    carry(client, upstream, delayMs, () => {
      if (lastSpeaker === 'server') wire.turns++
      lastSpeaker = 'client'
    })
    carry(upstream, client, delayMs, () => {
      lastSpeaker = 'server'
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { wire, port: server.address().port, close: () => server.close() }
}

/** Data that come together leave together: a delay, and no narrow pipe. */
function carry(from, to, delayMs, onData) {
  const later = act => (delayMs === 0 ? act() : setTimeout(act, delayMs))
  from.on('data', data => {
    onData()
    later(() => to.writable && to.write(data))
  })
  from.on('end', () => later(() => to.end()))
  from.on('error', () => to.destroy())
}
