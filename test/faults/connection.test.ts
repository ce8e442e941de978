import test from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { SqlbraidError } from '../../src/errors/sqlbraid-error.ts'
import { withDatabase } from '../support/database.ts'
import { debianServer } from '../support/debian-server.ts'
import { driverFor } from '../support/driver.ts'
import { assertNotedOnce, notingHistory, rounds, seededRandom } from '../support/faults.ts'
import { type Fault, openFaultyProxy } from '../support/faulty-proxy.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const COUNT = 12
const LOST = ['SESSION_LOST', 'CONNECTION_FAILED', 'CONNECTION_REFUSED', 'SERVER_NOT_READY']

/** The codes of what may come of a run whose connection breaks; undefined when it was over before. */
async function brokenRun(run: Promise<unknown>): Promise<string | undefined> {
  try {
    await run
    return undefined
  } catch (error) {
    if (error instanceof SqlbraidError) return error.code
    throw error
  }
}

for (const kind of ['cut', 'half-close', 'delay'] as const satisfies readonly Fault['kind'][]) {
  test(`a connection that meets a ${kind} at any byte loses nothing`, async t => {
    const random = seededRandom(t)
    const total = await withDatabase(t, async ({ url }) => {
      const proxy = await openFaultyProxy(t, url)
      await upgrade(writeProject(t, proxy.url, notingHistory(COUNT)).settings, heads)
      return proxy.sent()
    })
    for (let round = 0; round < rounds({ few: 5, many: 100 }); round++) {
      await withDatabase(t, async ({ url, sql }) => {
        const afterBytes = Math.floor(random() * total)
        const proxy = await openFaultyProxy(t, url, { kind, afterBytes })
        const project = writeProject(t, proxy.url, notingHistory(COUNT))
        const code = await brokenRun(upgrade(project.settings, heads))
        if (kind === 'delay') t.is(code, undefined)
        else t.true(code !== undefined && LOST.includes(code), `${code} after ${afterBytes} bytes`)
        await upgrade(writeProject(t, url, notingHistory(COUNT)).settings, heads)
        await assertNotedOnce(t, sql, COUNT)
      })
    }
  })
}

test('a backend that is terminated at any step loses nothing', async t => {
  const random = seededRandom(t)
  for (let round = 0; round < rounds({ few: 5, many: 60 }); round++) {
    await withDatabase(t, async ({ url, sql, name }) => {
      const { settings } = writeProject(t, url, notingHistory(COUNT))
      const fatal = Math.floor(random() * COUNT)
      let terminating: Promise<unknown> | undefined
      const code = await brokenRun(
        upgrade(settings, heads, {
          onStepStarted: (_, index) => {
            if (index !== fatal) return
            terminating = sql`select pg_terminate_backend(pid) from pg_stat_activity
              where datname = ${name} and application_name = 'sqlbraid'`.execute()
          },
        }),
      )
      await terminating
      t.true(code === undefined || LOST.includes(code) || code === 'REVISION_FAILED', code)
      await upgrade(settings, heads)
      await assertNotedOnce(t, sql, COUNT)
    })
  }
})

test('a server that crashes in the middle of a run and is started again loses nothing', async t => {
  const server = debianServer(t)
  if (server === undefined) return
  server.start()
  const random = seededRandom(t)
  for (let round = 0; round < rounds({ few: 1, many: 20 }); round++) {
    const name = `crash_${round}`
    const admin = driverFor(server.url)
    await admin`create database ${admin(name)}`
    await admin.end()
    const url = server.url.replace('/postgres?', `/${name}?`)
    const { settings } = writeProject(t, url, notingHistory(COUNT))
    const fatal = Math.floor(random() * COUNT)
    const onStepStarted = (_: unknown, index: number) => {
      if (index === fatal) server.crash()
    }
    const code = await brokenRun(upgrade(settings, heads, { onStepStarted }))
    t.true(code !== undefined && LOST.includes(code), code)
    await upgrade(settings, heads)
    const sql = driverFor(url)
    await assertNotedOnce(t, sql, COUNT)
    await sql.end()
  }
})
