import test from 'ava'
import { downgrade } from '../../src/actions/downgrade.ts'
import { downgradeRun } from '../../src/actions/downgrade-run.ts'
import { stamp } from '../../src/actions/stamp.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { projectFor, TABLES } from '../support/project.ts'

const braid = `
  a <- b1 <- b2 <- m
  a <- c1 <- m`

test('undoing a run reverts what it applied, in reverse, and nothing else', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const settings = projectFor(t, { url, graph: braid })
    await upgrade(settings, { targets: ['b1'] })
    await upgrade(settings, { targets: ['c1'] })
    const { runId = '' } = await upgrade(settings, { targets: ['b2'] })
    await upgrade(settings, { targets: ['m'] })
    await downgrade(settings, { targets: ['-1'] })
    const report = await downgradeRun(settings, { run: runId.slice(0, 13) })
    t.deepEqual(
      report.steps.map(({ direction, revision }) => `${direction} ${revision}`),
      ['down b2'],
    )
    t.deepEqual([...report.heads].sort(), ['b1', 'c1'])
    t.is((await sql.unsafe(TABLES))[0]?.['tables'], 'a b1 c1')
  })
})

test('the last run is the one that applied the newest of what is applied', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const settings = projectFor(t, { url, graph: 'a <- b <- c <- d' })
    await upgrade(settings, { targets: ['a'] })
    await upgrade(settings, { targets: ['d'] })
    await downgrade(settings, { targets: ['-1'] })
    const planned = await downgradeRun(settings, { run: 'last', dryRun: true })
    t.deepEqual(
      planned.steps.map(step => step.revision),
      ['c', 'b'],
    )
    t.is(planned.target, '--run last')
    await downgradeRun(settings, { run: 'last' })
    t.is((await sql.unsafe(TABLES))[0]?.['tables'], 'a')
  })
})

test('what others stand on is not undone, and they are named', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const settings = projectFor(t, { url, graph: braid })
    const { runId = '' } = await upgrade(settings, { targets: ['b1'] })
    await upgrade(settings, { targets: ['m'] })
    await t.throwsAsync(downgradeRun(settings, { run: runId }), {
      code: 'BUILT_UPON',
      message: 'Other applied revisions stand on what is to be reverted: b2, c1, m.',
    })
    t.is((await sql.unsafe(TABLES))[0]?.['tables'], 'a b1 b2 c1 m')
  })
})

test('a run that is unknown, ambiguous or was a stamp is refused; one that is undone already has nothing to do', async t => {
  await withDatabase(t, async ({ url }) => {
    const settings = projectFor(t, { url, graph: 'a <- b' })
    await t.throwsAsync(downgradeRun(settings, { run: 'last' }), { code: 'UNKNOWN_RUN' })
    const { runId = '' } = await upgrade(settings, { targets: ['a'] })
    await downgradeRun(settings, { run: runId })
    t.deepEqual((await downgradeRun(settings, { run: runId })).steps, [])
    await t.throwsAsync(downgradeRun(settings, { run: "'%" }), { code: 'UNKNOWN_RUN' })
    await t.throwsAsync(downgradeRun(settings, { run: '' }), { code: 'AMBIGUOUS_RUN' })
    await stamp(settings, { targets: ['b'] })
    await t.throwsAsync(downgradeRun(settings, { run: 'last' }), { code: 'STAMPED_RUN' })
  })
})
