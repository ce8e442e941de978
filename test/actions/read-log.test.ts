import test from 'ava'
import { downgrade } from '../../src/actions/downgrade.ts'
import { readLog } from '../../src/actions/read-log.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import type { LoggedEvent } from '../../src/database/event-log.ts'
import { withDatabase } from '../support/database.ts'
import { projectFor } from '../support/project.ts'

const brief = (events: readonly LoggedEvent[]) =>
  events.map(({ action, revision, outcome }) => `${action} ${revision} ${outcome}`)

test('the log tells what was done, failures included, newest first', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const settings = projectFor(t, { url, graph: 'a <- b', up: { b: 'select 1/0;' } })
    t.deepEqual(await readLog(settings, {}), [])
    await t.throwsAsync(upgrade(settings, { targets: ['heads'] }))
    const { runId = '' } = await downgrade(settings, { targets: ['base'] })

    const events = await readLog(settings, {})
    t.deepEqual(brief(events), ['downgrade a done', 'upgrade b failed', 'upgrade a done'])
    t.is(events[1]?.error?.['message'], 'division by zero')
    t.is(events[1]?.runId, events[2]?.runId)

    t.deepEqual(brief(await readLog(settings, { failedOnly: true })), ['upgrade b failed'])
    t.deepEqual(brief(await readLog(settings, { limit: 2 })), ['downgrade a done', 'upgrade b failed'])
    t.deepEqual(brief(await readLog(settings, { run: 'last' })), ['downgrade a done'])
    t.deepEqual(brief(await readLog(settings, { run: runId.slice(0, 12) })), ['downgrade a done'])
    await t.throwsAsync(readLog(settings, { run: 'x' }), { code: 'UNKNOWN_RUN' })

    await sql`update sqlbraid.event set happened_at = happened_at - interval '2 hours' where action = 'upgrade'`
    const since = new Date(Date.now() - 3_600_000)
    t.deepEqual(brief(await readLog(settings, { since })), ['downgrade a done'])
  })
})
