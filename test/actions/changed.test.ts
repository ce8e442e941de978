import test from 'ava'
import { accept } from '../../src/actions/accept.ts'
import { readState } from '../../src/actions/read-state.ts'
import { reapply } from '../../src/actions/reapply.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { renderStatus } from '../../src/cli/render/state.ts'
import { PLAIN } from '../../src/cli/render/style.ts'
import { withDatabase } from '../support/database.ts'
import { appliedIn, eventsIn, tablesIn } from '../support/ledger-rows.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const first = { up: 'create table a (\n  n int\n);', down: 'drop table a;' }
const second = { up: 'create table a (\n  n bigint\n);', down: 'drop table if exists a;' }

test('a changed file is shown against the script that was run', t =>
  withDatabase(t, async ({ url }) => {
    const project = writeProject(t, url, { a: first })
    await upgrade(project.settings, heads)
    project.write({ a: second })
    t.is((await readState(project.settings)).differences, undefined)
    const state = await readState(project.settings, {}, { withDifferences: true })
    const lines = renderStatus(state, PLAIN).split('\n')
    t.deepEqual(lines.slice(lines.indexOf('changes of a:') + 1), [
      '      -- created: 2026-01-01T00:00:00Z',
      '',
      '      create table a (',
      '    -   n int',
      '    +   n bigint',
      '      );',
    ])
  }))

test('what is accepted counts as applied: no script runs, the log says so, and the new down script is kept', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: first })
    await upgrade(project.settings, heads)
    project.write({ a: second })
    t.deepEqual(await accept(project.settings, 'a'), { revision: 'a' as never, isAccepted: true })
    t.deepEqual((await readState(project.settings)).changed, [])
    t.deepEqual(await eventsIn(sql), ['upgrade a done', 'accept a done'])
    const [row] =
      await sql`select up_script ~ 'bigint' as up, down_script ~ 'if exists' as down from sqlbraid.revision`
    t.deepEqual({ ...row }, { up: true, down: true })
    t.is((await accept(project.settings, 'a')).isAccepted, false)
    t.is((await eventsIn(sql)).length, 2)
  }))

test('a changed file that cannot be run is shown so, and is not accepted', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: first })
    await upgrade(project.settings, heads)
    project.write({ a: { ...first, up: "create table a (n int);\nselect 'oops" } })
    const state = await readState(project.settings, {}, { withDifferences: true })
    t.regex(renderStatus(state, PLAIN), /cannot be run: .*a\.up\.sql:7:8: The string that starts here/)
    await t.throwsAsync(accept(project.settings, 'a'), { code: 'BROKEN_REVISION_FILES' })
    t.deepEqual(await eventsIn(sql), ['upgrade a done'])
  }))

test('what is reapplied goes down as it was kept and up as it is now, in one run', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { z: 'select 1;', a: first })
    await upgrade(project.settings, heads)
    project.write({ a: { up: 'create table other ();', down: 'drop table other;' } })
    const { steps, runId = '' } = await reapply(project.settings, { revision: 'a' })
    t.deepEqual(
      steps.map(({ direction, revision, state }) => `${direction} ${revision} ${state}`),
      ['down a applied', 'up a applied'],
    )
    t.is(await tablesIn(sql), 'other')
    t.is((await sql`select from sqlbraid.event where run_id = ${runId}`).length, 2)
    t.deepEqual((await readState(project.settings)).changed, [])
    t.is(await appliedIn(sql), 'z a')
  }))

test('reapplying is refused where something stands on the revision, and accepting what is not applied', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: first, b: 'create table b ();' })
    await upgrade(project.settings, heads)
    project.write({ a: second, c: 'select 1;' })
    await t.throwsAsync(reapply(project.settings, { revision: 'a' }), {
      code: 'BUILT_UPON',
      message: /: b\.$/,
    })
    await t.throwsAsync(reapply(project.settings, { revision: 'b' }), {
      code: 'MISSING_DOWN',
      message: /: b\.$/,
    })
    await t.throwsAsync(accept(project.settings, 'c'), { code: 'NOT_APPLIED' })
    t.is(await tablesIn(sql), 'a b')
  }))

test('a revision that stopped half-way is finished before it is accepted', t =>
  withDatabase(t, async ({ url }) => {
    const header = 'transaction: off'
    const project = writeProject(t, url, {
      a: { up: 'create table a ();', down: 'drop table a; select 1/0;', header },
    })
    await upgrade(project.settings, heads)
    project.write({ b: { up: 'select 1;' } })
    await t.throwsAsync(reapply(project.settings, { revision: 'a' }), { code: 'REVISION_INCOMPLETE' })
    await t.throwsAsync(accept(project.settings, 'a'), { code: 'UNFINISHED_REVISION' })
  }))

test('in one transaction for all, what cannot be reapplied is as it was before', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: first }, { transaction: 'all' })
    await upgrade(project.settings, heads)
    project.write({ a: { up: 'select 1/0;', down: 'select 1;' } })
    await t.throwsAsync(reapply(project.settings, { revision: 'a' }), { code: 'REVISION_FAILED' })
    t.is(await tablesIn(sql), 'a')
    t.is(await appliedIn(sql), 'a')
  }))
