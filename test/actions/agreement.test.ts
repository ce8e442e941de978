import test from 'ava'
import { downgrade } from '../../src/actions/downgrade.ts'
import { readState } from '../../src/actions/read-state.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import type { RevisionFilesError } from '../../src/errors/revision-errors.ts'
import { withDatabase } from '../support/database.ts'
import { appliedIn, tablesIn } from '../support/ledger-rows.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }

test('a changed file of an applied revision stops the run, unless that is to be ignored', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: 'create table a ();' })
    await upgrade(project.settings, heads)
    project.write({ a: 'create table other ();', b: 'create table b ();' })
    await t.throwsAsync(upgrade(project.settings, heads), {
      code: 'CHANGED_REVISIONS',
      message: /\ba \(.*a\.up\.sql\)/,
    })
    t.is(await tablesIn(sql), 'a')
    t.deepEqual(
      (await readState(project.settings)).changed.map(({ id }) => String(id)),
      ['a'],
    )
    await upgrade(project.settings, { ...heads, ignoreChanged: true })
    t.is(await tablesIn(sql), 'a b')
  }))

test('a header, line ends and the parent may change without the file counting as changed', t =>
  withDatabase(t, async ({ url }) => {
    const body = 'create table a ();\n\ncreate table b ();'
    const project = writeProject(t, url, { z: 'select 1;', a: body })
    await upgrade(project.settings, heads)
    project.write({ a: { up: body.replaceAll('\n', '\r\n'), header: 'labels: late\nauthor: another' } })
    t.deepEqual((await upgrade(project.settings, heads)).steps, [])
  }))

test('an applied revision without a file stops the run, unless that is to be ignored', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: 'create table a ();',
      b: { up: 'create table b ();', parents: [] },
    })
    await upgrade(project.settings, heads)
    project.remove('b')
    project.write({ c: { up: 'create table c ();', parents: ['a'] } })
    await t.throwsAsync(upgrade(project.settings, heads), { code: 'UNKNOWN_REVISIONS', message: /: b\.$/ })
    t.is(await tablesIn(sql), 'a b')
    t.deepEqual((await readState(project.settings)).unknown.map(String), ['b'])
    await upgrade(project.settings, { ...heads, ignoreUnknown: true })
    t.is(await appliedIn(sql), 'a b c')
  }))

test('a revision inserted below what is applied is missed, and applied by the next upgrade', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: 'select 1;', c: 'select 1;' })
    await upgrade(project.settings, heads)
    project.write({ b: { up: 'create table b ();', parents: ['a'] }, c: { up: 'select 1;', parents: ['b'] } })
    t.deepEqual((await readState(project.settings)).missed.map(String), ['b'])
    await upgrade(project.settings, heads)
    t.is(await appliedIn(sql), 'a c b')
  }))

test('what has no down script is not reverted, and nothing above it is', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, {
      a: { up: 'create table a ();', header: 'irreversible: it moved the data' },
      b: { up: 'create table b ();' },
      c: { up: 'create table c ();', down: 'drop table c;' },
    })
    await upgrade(settings, heads)
    await t.throwsAsync(downgrade(settings, { targets: ['base'] }), {
      code: 'MISSING_DOWN',
      message: /b, a \(irreversible: it moved the data\)/,
    })
    t.is(await tablesIn(sql), 'a b c')
    await downgrade(settings, { targets: ['-1'] })
    t.is(await appliedIn(sql), 'a b')
  }))

for (const mode of ['on', 'off']) {
  test(`statements that end a transaction are refused with their lines, all at once, with "transaction: ${mode}"`, t =>
    withDatabase(t, async ({ url, sql }) => {
      const header = `transaction: ${mode}`
      const project = writeProject(t, url, {
        a: { up: 'create table a ();\ncommit;', header },
        b: { up: 'select 1;\n\n  begin; select 2; rollback;', verify: 'end;', header },
      })
      const error = (await t.throwsAsync(upgrade(project.settings, heads), {
        code: 'BROKEN_REVISION_FILES',
      })) as RevisionFilesError
      t.deepEqual(
        error.problems.map(({ code, file, line, column }) => ({ code, file, line, column })),
        [
          ['a.up.sql', 'commit'],
          ['b.up.sql', 'begin'],
          ['b.up.sql', 'rollback'],
          ['b.verify.sql', 'end'],
        ].map(([file = '', text = '']) => ({ code: 'TRANSACTION_CONTROL', ...project.find(file, text) })),
      )
      t.is(await tablesIn(sql), '')
    }))
}

test('a broken script far up the plan is found before the first one runs', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, {
      a: 'create table a ();',
      b: "select 'open;",
      c: 'copy a from stdin;\n1',
    })
    const error = (await t.throwsAsync(upgrade(settings, heads))) as RevisionFilesError
    t.deepEqual(
      error.problems.map(({ code }) => code),
      ['UNCLOSED_STRING', 'UNCLOSED_COPY_DATA'],
    )
    t.is(await tablesIn(sql), '')
  }))

test('a dry run and an imagined database change nothing', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, { a: 'create table a ();', b: 'create table b ();' })
    const dry = await upgrade(settings, { ...heads, dryRun: true })
    t.deepEqual(
      dry.steps.map(({ state }) => state),
      ['planned', 'planned'],
    )
    const imagined = await upgrade({ ...settings, url: undefined }, { ...heads, dryRun: true, from: 'a' })
    t.deepEqual(
      imagined.steps.map(({ revision }) => revision),
      ['b'],
    )
    t.is((await sql`select from pg_namespace where nspname = 'sqlbraid'`).length, 0)
    t.is(await tablesIn(sql), '')
  }))
