import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import test from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { assertNotedOnce, notingHistory, rounds, seededRandom } from '../support/faults.ts'
import { lengthOf, spawnRun } from '../support/spawned-run.ts'
import { writeProject } from '../support/written-project.ts'

const COUNT = 30

/** What a run has said when it begins, and when its first revision is done. */
const PHASES = ['database:', 'up   r00']

test('a run that is killed at any instant is completed by the next, with nothing lost or applied twice', async t => {
  t.timeout(3_600_000)
  const random = seededRandom(t)
  const times = rounds({ few: 8, many: 200 })
  let killedHalfWay = 0
  const spawnUpgrade = (root: string, url: string) => spawnRun(root, ['upgrade', 'heads', '--url', url])
  const lengths: number[] = []
  for (const said of PHASES) {
    await withDatabase(t, async ({ url }) => {
      const { root } = writeProject(t, url, notingHistory(COUNT)).settings
      lengths.push(await lengthOf(spawnUpgrade(root, url), said))
    })
  }
  for (let round = 0; round < times; round++) {
    await withDatabase(t, async ({ url, sql }) => {
      const { settings } = writeProject(t, url, notingHistory(COUNT))
      const phase = round % PHASES.length
      const run = spawnUpgrade(settings.root, url)
      const closed = once(run.process, 'close')
      await run.said(PHASES[phase] ?? '')
      await pause(random() * (lengths[phase] ?? 0))
      run.process.kill('SIGKILL')
      await closed
      const report = await upgrade(settings, { targets: ['heads'] })
      if (report.steps.length > 0 && report.steps.length < COUNT) killedHalfWay++
      await assertNotedOnce(t, sql, COUNT)
    })
  }
  t.log(`${killedHalfWay} of ${times} runs were killed half-way`)
})
