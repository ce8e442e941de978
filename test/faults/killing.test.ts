import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import test from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { assertNotedOnce, notingHistory, rounds, seededRandom } from '../support/faults.ts'
import { lengthOf, spawnRun } from '../support/spawned-run.ts'
import { writeProject } from '../support/written-project.ts'

const COUNT = 30

test('a run that is killed at any instant is completed by the next, with nothing lost or applied twice', async t => {
  t.timeout(3_600_000)
  const random = seededRandom(t)
  const times = rounds({ few: 8, many: 200 })
  let killedHalfWay = 0
  const length = await withDatabase(t, ({ url }) => {
    const { root } = writeProject(t, url, notingHistory(COUNT)).settings
    return lengthOf(spawnRun(root, ['upgrade', 'heads', '--url', url]))
  })
  for (let round = 0; round < times; round++) {
    await withDatabase(t, async ({ url, sql }) => {
      const { settings } = writeProject(t, url, notingHistory(COUNT))
      const run = spawnRun(settings.root, ['upgrade', 'heads', '--url', url])
      const closed = once(run.process, 'close')
      await run.said('database:')
      await pause(random() * length)
      run.process.kill('SIGKILL')
      await closed
      const report = await upgrade(settings, { targets: ['heads'] })
      if (report.steps.length > 0 && report.steps.length < COUNT) killedHalfWay++
      await assertNotedOnce(t, sql, COUNT)
    })
  }
  t.log(`${killedHalfWay} of ${times} runs were killed half-way`)
})
