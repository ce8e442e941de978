import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'

/** What was said over the connections to a database; COPY is not understood. */
export interface Wire {
  /** Goes to the database through the wire. */
  readonly url: string
  /** The queries sent, in their order, by either protocol. */
  readonly queries: readonly string[]
  /** How often the client, once logged in, sent when it had heard something since it last did. */
  readonly roundTrips: () => number
}

/**
 * Puts a wire before a database. It gives the client no answer before the client has fallen silent: whatever the
 * client sends without waiting for an answer is seen to be so, however fast the server is.
 */
export async function openWire(t: ExecutionContext, url: string): Promise<Wire> {
  const heard = { queries: [] as string[], roundTrips: 0 }
  const server = createServer(client => carry(client, connect(addressOf(url)), heard))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const through = new URL(url)
  through.searchParams.set('host', '127.0.0.1')
  through.searchParams.set('port', String((server.address() as AddressInfo).port))
  through.searchParams.set('sslmode', 'disable')
  return { url: through.href, queries: heard.queries, roundTrips: () => heard.roundTrips }
}

/** Where the server of a URL listens. */
export function addressOf(url: string): NetConnectOpts {
  const { hostname, port, searchParams } = new URL(url)
  const host = searchParams.get('host') ?? hostname
  const number = Number(searchParams.get('port') ?? (port || 5432))
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${number}` } : { host, port: number }
}

const START = 'start'
const QUERY = 'Q'
const PARSE = 'P'
const TERMINATE = 'X'
const READY = 'Z'

function carry(
  client: Socket,
  server: Socket,
  heard: { readonly queries: string[]; roundTrips: number },
): void {
  const fromClient = messageReader('untyped first message')
  const fromServer = messageReader()
  let isLoggedIn = false
  let hasHeard = false
  let arrivals = 0
  let held: Buffer[] = []

  client.on('data', data => {
    arrivals++
    const messages = [...fromClient(data)]
    const isLeave = messages[0]?.type === TERMINATE
    if (isLoggedIn && hasHeard && !isLeave) heard.roundTrips++
    hasHeard = false
    for (const { type, body } of messages) {
      const text = body.toString().split('\0')
      if (type === QUERY) heard.queries.push(text[0] ?? '')
      if (type === PARSE) heard.queries.push(text[1] ?? '') // behind the statement's name
    }
    server.write(data)
  })

  server.on('data', data => {
    held.push(data)
    const wasLoggedIn = isLoggedIn
    for (const { type } of fromServer(data)) isLoggedIn ||= type === READY
    if (wasLoggedIn) void deliverWhenSilent()
    else deliver()
  })

  // The client lives in this process: when it has sent nothing for some turns of the event loop, it waits.
  async function deliverWhenSilent(): Promise<void> {
    for (let silent = 0; silent < 10; ) {
      const before = arrivals
      await turn()
      silent = arrivals === before ? silent + 1 : 0
    }
    if (held.length > 0) deliver()
  }

  function deliver(): void {
    hasHeard = true
    client.write(Buffer.concat(held))
    held = []
  }

  client.on('end', () => server.end()).on('error', () => server.destroy())
  server.on('end', () => client.end(Buffer.concat(held))).on('error', () => client.destroy())
}

interface Message {
  readonly type: string
  readonly body: Buffer
}

/** Cuts a stream into messages: a byte for the type, four for the length. */
function messageReader(start?: 'untyped first message'): (data: Buffer) => Iterable<Message> {
  let rest: Buffer = Buffer.alloc(0)
  let isUntyped = start !== undefined
  return function* read(data) {
    rest = Buffer.concat([rest, data])
    for (;;) {
      const header = isUntyped ? 0 : 1
      if (rest.length < header + 4) return
      const end = header + rest.readUInt32BE(header)
      if (rest.length < end) return
      const type = isUntyped ? START : String.fromCharCode(rest[0] ?? 0)
      isUntyped = false
      const body = rest.subarray(header + 4, end)
      rest = rest.subarray(end)
      yield { type, body }
    }
  }
}
