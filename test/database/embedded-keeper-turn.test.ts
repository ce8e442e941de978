import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { newestKeeper, takeTurn } from '../../src/database/embedded/keeper-turn.ts'

test('of any number of contenders exactly one takes the turn, and only after the one before it has died', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 }),
      async rounds => {
        await withFolder(async folder => {
          let name = 0
          for (const contenders of rounds) {
            const before = await newestKeeper(folder)
            const listeners = Array.from({ length: contenders }, () => join(folder, `socket-${name++}`))
            const servers = await Promise.all(listeners.map(listen))
            const outcomes = await Promise.all(
              listeners.map(address => takeTurn(folder, { address, runtimeFolder: folder })),
            )
            const winner = outcomes.findIndex(outcome => outcome !== 'taken')
            t.deepEqual(outcomes[winner], { predecessor: before })
            t.is(outcomes.filter(outcome => outcome !== 'taken').length, 1)
            t.is((await newestKeeper(folder))?.address, listeners[winner])
            await Promise.all(servers.map(close))
          }
          t.is(readdirSync(folder).length, 1, 'one record is left, of the last keeper')
        })
      },
    ),
    { numRuns: 25 },
  )
})

async function listen(address: string): Promise<Server> {
  const server = createServer().listen(address)
  await once(server, 'listening')
  return server
}

async function close(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'turn-'))
  try {
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
