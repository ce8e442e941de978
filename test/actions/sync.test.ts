import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { downgrade, downgradeScript } from '../../src/actions/downgrade.ts'
import { downgradeRun } from '../../src/actions/downgrade-run.ts'
import { readState } from '../../src/actions/read-state.ts'
import { sync } from '../../src/actions/sync.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { renderStatus } from '../../src/cli/render/state.ts'
import { PLAIN } from '../../src/cli/render/style.ts'
import type { RevisionFailedError } from '../../src/errors/run-errors.ts'
import { withDatabase } from '../support/database.ts'
import { appliedIn, eventsIn, tablesIn } from '../support/ledger-rows.ts'
import { type WrittenRevision, writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }

/** A revision that makes a table of its name. */
function table(name: string, parents?: readonly string[]): WrittenRevision {
  return { up: `create table ${name} ();`, down: `drop table ${name};`, ...(parents && { parents }) }
}

test('a revision without a file goes down with the script that the database has kept', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: table('a'),
      b: { up: '\\set name kept\ncreate table :name ();', down: '\\set name kept\ndrop table :"name";' },
    })
    await upgrade(project.settings, heads)
    project.remove('b')
    t.deepEqual((await readState(project.settings)).heads.map(String), ['b'])
    t.true(renderStatus(await readState(project.settings), PLAIN).includes('    b  add b (on a)'))
    const { sql: script } = await downgradeScript(project.settings, { targets: ['-1'] })
    t.true(script.includes('drop table "kept";'))
    const report = await downgrade(project.settings, { targets: ['-1'] })
    t.deepEqual([report.steps.map(({ revision }) => revision), report.heads.map(String)], [['b'], ['a']])
    t.is(await tablesIn(sql), 'a')
  }))

test('a run that applied what has no file here any more can be undone', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: table('a') })
    await upgrade(project.settings, heads)
    project.write({ b: table('b') })
    await upgrade(project.settings, heads)
    project.remove('b')
    await downgradeRun(project.settings, { run: 'last' })
    t.is(await appliedIn(sql), 'a')
  }))

test('an error in a kept script names the ledger, and the place in it', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: table('a'),
      b: { up: 'create table b ();', down: 'select 1;\ndrop table nowhere;' },
    })
    await upgrade(project.settings, heads)
    project.remove('b')
    const error = (await t.throwsAsync(sync(project.settings))) as RevisionFailedError
    const { file, line, column } = error.failure.place ?? {}
    t.deepEqual({ file, line, column }, { file: 'ledger:b.down.sql', line: 4, column: 1 })
    t.is(await tablesIn(sql), 'a b')
  }))

test('comments of what a kept script had included are not taken for its header', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: table('a'),
      b: { up: 'create table b ();', down: '\\ir ../operations/drop.sql', header: 'transaction: on' },
    })
    mkdirSync(project.settings.operations)
    writeFileSync(
      join(project.settings.operations, 'drop.sql'),
      '-- parent: what drops it\n-- transaction: off\ndrop table b;\n',
    )
    await upgrade(project.settings, heads)
    project.remove('b')
    await sync(project.settings)
    t.is(await tablesIn(sql), 'a')
  }))

test('a kept script that ran outside a transaction is reverted outside one', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: { up: 'create table a (n int);', down: 'drop table a;' },
      b: {
        up: 'create index concurrently a_n on a (n);',
        down: 'drop index concurrently a_n;',
        header: 'transaction: off',
      },
    })
    await upgrade(project.settings, heads)
    project.remove('b')
    await sync(project.settings)
    t.is(await appliedIn(sql), 'a')
    t.deepEqual([...(await sql`select from pg_indexes where indexname = 'a_n'`)], [])
  }))

test('sync is one run: it reverts and applies, and the log says which was which', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: table('a'), b: table('b') })
    await upgrade(project.settings, heads)
    project.remove('b')
    project.write({ c: table('c', ['a']) })
    const planned = await sync(project.settings, { dryRun: true })
    t.deepEqual(
      planned.steps.map(({ direction, revision, message }) => `${direction} ${revision} ${message}`),
      ['down b add b', 'up c add c'],
    )
    t.is(await tablesIn(sql), 'a b')
    const { runId = '', heads: after } = await sync(project.settings)
    t.deepEqual(after.map(String), ['c'])
    t.is(await tablesIn(sql), 'a c')
    t.deepEqual((await eventsIn(sql)).slice(2), ['downgrade b done', 'upgrade c done'])
    t.is((await sql`select from sqlbraid.event where run_id = ${runId}`).length, 2)
    t.deepEqual((await sync(project.settings)).steps, [])
  }))

test('sync refuses what cannot be reverted, with the reason, and changes nothing', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: table('a'),
      b: { up: 'create table b ();', header: 'irreversible: it moved the data' },
      c: { up: 'create table c ();' },
      d: table('d'),
    })
    await upgrade(project.settings, heads)
    for (const id of ['b', 'c', 'd']) project.remove(id)
    for (const dryRun of [true, false]) {
      await t.throwsAsync(sync(project.settings, { dryRun }), {
        code: 'MISSING_DOWN',
        message: /: c, b \(irreversible: it moved the data\)\.$/,
      })
    }
    t.is(await tablesIn(sql), 'a b c d')
  }))

test('a changed file stops a sync, unless that is to be ignored', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: table('a'), b: table('b') })
    await upgrade(project.settings, heads)
    project.write({ a: 'create table other ();' })
    project.remove('b')
    await t.throwsAsync(sync(project.settings), { code: 'CHANGED_REVISIONS' })
    await sync(project.settings, { ignoreChanged: true })
    t.is(await appliedIn(sql), 'a')
  }))

test('what was declined is not done, nor what another run has made out of date', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: table('a'), b: table('b') })
    const shown: string[][] = []
    const declined = sync(project.settings, {
      approve: async ({ steps }) => {
        shown.push(steps.map(({ direction, revision }) => `${direction} ${revision}`))
        return false
      },
    })
    await t.throwsAsync(declined, { code: 'PLAN_DECLINED' })
    t.deepEqual(shown, [['up a', 'up b']])
    const overtaken = sync(project.settings, {
      approve: async () => {
        await upgrade(project.settings, { targets: ['a'] })
        return true
      },
    })
    await t.throwsAsync(overtaken, { code: 'PLAN_OUTDATED' })
    t.is(await appliedIn(sql), 'a')
  }))
