import { readFileSync } from 'node:fs'
import test, { type ExecutionContext } from 'ava'
import type postgres from 'postgres'
import { downgrade } from '../../src/actions/downgrade.ts'
import { importHistory } from '../../src/actions/import-history.ts'
import { readHistory } from '../../src/actions/read-history.ts'
import { readState } from '../../src/actions/read-state.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { NotImportableError, ToolHistoryError, UnknownFormatError } from '../../src/errors/import-errors.ts'
import { FORMAT_NAMES, type FormatName, recognizeFormats } from '../../src/import/formats.ts'
import { readSourceTree } from '../../src/import/source-tree.ts'
import { withDatabase } from '../support/database.ts'
import { emptyProject, fixtureOf, hasTool, writeFiles } from '../support/import-project.ts'
import { largeRows } from '../support/large-script.ts'
import { tablesIn } from '../support/ledger-rows.ts'

/** What applying each fixture leaves, in the order of their names: tables, indexes without a constraint, functions, views. */
const OBJECTS: Readonly<Record<FormatName, string>> = {
  dbmate: 'posts shout users users_by_name',
  'golang-migrate': 'posts users users_by_name',
  flyway: 'posts user_names users users_by_name',
  goose: 'shout users users_by_name',
  sqitch: 'posts shout users',
  diesel: 'shout users users_by_name',
  sqlx: 'users users_by_name',
  'node-pg-migrate': 'posts users',
  alembic: 'invoices invoices_user users',
  pg_dump: 'users',
}

async function objectsIn(sql: postgres.Sql): Promise<string> {
  const [row] = await sql`
    select string_agg(name, ' ' order by name) as names from (
      select relname::text as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'i', 'v')
        and not exists (select from pg_constraint where conindid = pg_class.oid)
      union all select proname::text from pg_proc where pronamespace = 'public'::regnamespace) objects`
  return String(row?.['names'] ?? '')
}

for (const format of FORMAT_NAMES) {
  test(`what ${format} has written is recognized, imported and applied`, async t => {
    if (format === 'alembic' && !hasTool(t, 'alembic')) return
    t.true(recognizeFormats(readSourceTree(fixtureOf(format))).includes(format))
    await withDatabase(t, async ({ url, sql }) => {
      const settings = emptyProject(t, url)
      await importHistory(settings, { source: fixtureOf(format), format })
      await upgrade(settings, { targets: ['heads'] })
      t.is(await objectsIn(sql), OBJECTS[format])
    })
  })
}

for (const format of ['dbmate', 'golang-migrate', 'goose', 'diesel', 'node-pg-migrate'] as const) {
  test(`the down parts of ${format} undo what was imported`, t =>
    withDatabase(t, async ({ url, sql }) => {
      const settings = emptyProject(t, url)
      await importHistory(settings, { source: fixtureOf(format), format })
      await upgrade(settings, { targets: ['heads'] })
      const { revisions } = readHistory(settings)
      const down = [...revisions.values()].every(({ parts }) => parts.down)
      await downgrade(settings, { targets: [down ? 'base' : '-1'] }).catch(error =>
        t.is(error.code, 'MISSING_DOWN'),
      )
      if (down) t.is(await tablesIn(sql), '')
    }))
}

test('only files that can be those of two tools need to be told apart by the user', t => {
  const found = Object.fromEntries(
    FORMAT_NAMES.map(format => [format, recognizeFormats(readSourceTree(fixtureOf(format))).join()]),
  )
  const alone = FORMAT_NAMES.filter(format => format !== 'golang-migrate')
  for (const format of alone) t.is(found[format], format)
  t.is(found['golang-migrate'], 'golang-migrate,sqlx')
})

/** The headers and bodies of the up files that an import writes, by message. */
async function importedScripts(
  t: ExecutionContext,
  source: string,
  format?: FormatName,
): Promise<Record<string, string>> {
  const settings = emptyProject(t)
  const { written } = await importHistory(settings, { source, format })
  return Object.fromEntries(written.map(({ message, parts }) => [message, readFileSync(parts.up, 'utf8')]))
}

test('order, times, messages, authors and marks come along', async t => {
  const dbmate = await importedScripts(t, fixtureOf('dbmate'))
  t.regex(
    dbmate['create users'] ?? '',
    /-- parents: none\n-- message: create users\n-- created: 2020-01-01T12:00:00Z\n/,
  )
  t.regex(dbmate['index users by name'] ?? '', /-- transaction: off\n/)
  const sqitch = await importedScripts(t, fixtureOf('sqitch'))
  t.regex(sqitch['Create the users.'] ?? '', /-- author: Ada Lovelace <ada@example.org>\n/)
  t.notRegex(sqitch['Create the users.'] ?? '', /BEGIN|COMMIT/)
  t.regex(sqitch['Create the posts.'] ?? '', /what users write/)
  const goose = await importedScripts(t, fixtureOf('goose'))
  t.regex(goose['index users'] ?? '', /-- created: 2000-01-01T00:00:01Z\n-- transaction: off\n/)
  t.regex(goose['insert owner'] ?? '', /VALUES \(1, :'OWNER'\)/)
})

test('an included file is imported whole, however large it is', async t => {
  const rows = `copy t from stdin;\n${largeRows()}\\.\n`
  const source = writeFiles(t, {
    'sqitch.plan':
      '%syntax-version=1.0.0\n%project=p\n\nload 2026-01-01T00:00:00Z Ada <a@example.org> # Load.\n',
    'deploy/load.sql': '-- Deploy p:load\n\n\\ir ../rows.sql\n',
    'rows.sql': rows,
  })
  const { 'Load.': script } = await importedScripts(t, source, 'sqitch')
  t.true(script?.includes(rows))
})

test('what looks like a variable of psql or a key of a header means in a revision what it meant', t =>
  withDatabase(t, async ({ url, sql }) => {
    const settings = emptyProject(t, url)
    await importHistory(settings, { source: fixtureOf('dbmate') })
    await upgrade(settings, { targets: ['heads'] })
    const rows = await sql`select name from users order by id`
    t.deepEqual(
      rows.map(({ name }) => name),
      ['a:b', '{x}'],
    )
  }))

test('placeholders of Flyway are variables, and its order is that of its versions', t =>
  withDatabase(t, async ({ url, sql }) => {
    const settings = emptyProject(t, url)
    const { written, findings } = await importHistory(settings, { source: fixtureOf('flyway') })
    t.deepEqual(
      written.map(({ version }) => version),
      ['1', '1.1', '1.9', '1.10', 'R__user_names'],
    )
    t.deepEqual(
      findings.map(({ code, severity }) => `${severity} ${code}`),
      ['remark NO_LONGER_REPEATED'],
    )
    await upgrade(settings, { targets: ['heads'] })
    await sql`insert into users (id) values (1)`
    const [row] = await sql`select name from users`
    t.is(row?.['name'], "O'Hara")
  }))

test('a second import writes nothing, and a new migration stands on what was imported before', async t => {
  const settings = emptyProject(t)
  const up = 'create table a ();\n'
  const first = writeFiles(t, { '1_a.up.sql': up })
  const format = 'golang-migrate'
  const { written } = await importHistory(settings, { source: first, format })
  const again = await importHistory(settings, { source: first, format })
  t.deepEqual([again.written.length, again.kept], [0, written.map(({ id }) => id)])
  const second = writeFiles(t, { '1_a.up.sql': up, '2_b.up.sql': up })
  const grown = await importHistory(settings, { source: second, format })
  t.deepEqual(
    grown.written.map(({ parents }) => parents),
    [written.map(({ id }) => id)],
  )
})

test('what has no translation is named with its place, and nothing is written', async t => {
  const source = writeFiles(t, {
    'V1__a.sql': 'create table a ();\n',
    'V2__b.sql': "select 1;\nselect 'for ${name}';\ncreate table ${prefix}_b ();\n",
    'V3__c.sql': 'begin;\nselect 1;\nrollback;\nselect 2;\n',
    'afterMigrate.sql': 'select 1;\n',
  })
  const settings = emptyProject(t)
  const error = await t.throwsAsync(importHistory(settings, { source }), { instanceOf: NotImportableError })
  t.deepEqual(
    error?.problems.map(({ code, file, line }) => [code, file?.slice(source.length + 1), line]),
    [
      ['NOT_TAKEN', 'afterMigrate.sql', undefined],
      ['UNTRANSLATED_PLACEHOLDER', 'V2__b.sql', 2],
      ['UNTRANSLATED_PLACEHOLDER', 'V2__b.sql', 3],
      ['TRANSACTION_CONTROL', 'V3__c.sql', 1],
    ],
  )
  const forced = await importHistory(settings, { source, force: true })
  t.is(forced.written.length, 3)
})

test('what was accepted once is not asked again', async t => {
  const lost = { 'V1__a.sql': "select '${a} b';\n" }
  const settings = emptyProject(t)
  await importHistory(settings, { source: writeFiles(t, lost), force: true })
  const source = writeFiles(t, { ...lost, 'V2__b.sql': 'select 1;\n' })
  const { written, findings } = await importHistory(settings, { source })
  t.deepEqual([written.map(({ version }) => version), findings], [['2'], []])
})

test('a migration that is not SQL keeps its place, and refuses to run until it is written', t =>
  withDatabase(t, async ({ url }) => {
    const source = writeFiles(t, { '1_a.sql': '-- +goose Up\nselect 1;\n', '2_b.go': 'package migrations' })
    const settings = emptyProject(t, url)
    await t.throwsAsync(importHistory(settings, { source }), { instanceOf: NotImportableError })
    await importHistory(settings, { source, force: true })
    const error = await t.throwsAsync(upgrade(settings, { targets: ['heads'] }))
    t.regex(error?.message ?? '', /Write in SQL what .*2_b\.go does/)
  }))

test('a format that cannot be told, unreadable files and a broken plan are refused', async t => {
  const settings = emptyProject(t)
  const source = writeFiles(t, { 'readme.txt': 'nothing' })
  await t.throwsAsync(importHistory(settings, { source }), { instanceOf: UnknownFormatError })
  await t.throwsAsync(importHistory(settings, { source: fixtureOf('golang-migrate') }), {
    instanceOf: UnknownFormatError,
    message: /golang-migrate or sqlx/,
  })
  await t.throwsAsync(importHistory(settings, { source: `${source}/none` }), { code: 'IMPORT_SOURCE' })
  const plan = writeFiles(t, { 'sqitch.plan': '%project=a\na [b\nc 2020-01-01T00:00:00Z A <a@b> # c\n' })
  const error = await t.throwsAsync(importHistory(settings, { source: plan }), {
    instanceOf: NotImportableError,
  })
  t.deepEqual(
    error?.problems.map(({ code, line }) => [code, line]),
    [
      ['UNREADABLE_MIGRATION', 2],
      ['MISSING_SCRIPT', 3],
    ],
  )
})

test('nothing is imported from where revisions are read', async t => {
  const settings = emptyProject(t)
  const [folder = ''] = settings.migrations
  await t.throwsAsync(importHistory(settings, { source: folder, format: 'dbmate' }), {
    code: 'IMPORT_IN_PLACE',
  })
})

const ALEMBIC = (id: string, down: string, body: string) => `"""what ${id} does

Create Date: 2026-01-31 10:00:00.5+01:00
"""
revision: str = "${id}"
down_revision = ${down}
branch_labels = ${id === 'b' ? "['side-line']" : 'None'}
depends_on = ${id === 'c' ? '("side-line",)' : 'None'}

def upgrade() -> None:
    """Upgrade."""
    ${body}

def downgrade() -> None:
    pass
`

test("Alembic's graph comes along, also where Alembic is not installed", async t => {
  const source = writeFiles(t, {
    'versions/a.py': ALEMBIC('a', 'None', 'pass'),
    'versions/b.py': ALEMBIC('b', "'a'", 'op.drop_table("a")'),
    'versions/c.py': ALEMBIC('c', "'a'", 'pass  # later'),
    'versions/d.py': ALEMBIC('d', "(\n    'b',\n    'c',\n)", 'pass'),
  })
  const settings = emptyProject(t)
  const error = await t.throwsAsync(importHistory(settings, { source }), { instanceOf: NotImportableError })
  t.regex(error?.problems[0]?.message ?? '', /no alembic\.ini/)
  const { findings } = await importHistory(settings, { source, force: true })
  t.deepEqual(
    findings.map(({ code }) => code),
    ['NOT_SQL', 'RENAMED_LABEL'],
  )
  const { graph, revisions } = readHistory(settings)
  t.deepEqual(graph.ids.map(id => [id, ...graph.parents(id)].join(' ')).sort(), ['a', 'b a', 'c a', 'd b c'])
  const [b, c] = ['b', 'c'].map(id => [...revisions.values()].find(revision => revision.id === id))
  t.deepEqual([b?.labels, c?.depends, c?.created], [['side_line'], ['side_line'], '2026-01-31T09:00:00Z'])
})

test('what a sqitch plan says and has no counterpart is noted with its line', async t => {
  const source = writeFiles(t, {
    'sqitch.plan':
      '%project=a\n\nb [!c other:d] 2020-01-01T00:00:00Z A <a@b> # e\n@v1 2020-01-01T00:00:00Z A <a@b> # f\n',
    'deploy/b.sql': 'select 1;\n',
  })
  const { findings } = await importHistory(emptyProject(t), { source })
  t.deepEqual(
    findings.map(({ severity, code, line }) => `${severity} ${code} ${line}`),
    ['remark NOT_TAKEN 3', 'remark NOT_TAKEN 3', 'remark NOT_TAKEN 3'],
  )
})

/** What each tool's table looks like half-way: the statements, and the versions that count as applied. */
const HALF_WAY: readonly (readonly [FormatName, string, readonly string[]])[] = [
  [
    'dbmate',
    `create table schema_migrations (version varchar(128) primary key);
     insert into schema_migrations values ('20200101120000'), ('20200103140000')`,
    ['20200101120000', '20200103140000'],
  ],
  [
    'golang-migrate',
    `create table schema_migrations (version bigint primary key, dirty boolean not null);
     insert into schema_migrations values (2, false)`,
    ['1', '2'],
  ],
  [
    'flyway',
    `create table flyway_schema_history (installed_rank int, version text, type text, script text, success boolean);
     insert into flyway_schema_history values (1, '1', 'BASELINE', '<< Flyway Baseline >>', true),
       (2, '1.1', 'SQL', 'V1_1__index_users.sql', true), (3, '1.9', 'SQL', 'V1.9__add_email.sql', true),
       (4, null, 'SQL', 'R__user_names.sql', true), (5, '1.9', 'UNDO_SQL', 'U1.9__add_email.sql', true)`,
    ['1', '1.1', 'R__user_names'],
  ],
  [
    'goose',
    `create table goose_db_version (id serial, version_id bigint, is_applied boolean);
     insert into goose_db_version (version_id, is_applied) values (0, true), (1, true), (2, true), (2, false)`,
    ['1'],
  ],
  [
    'sqitch',
    `create schema sqitch; create table sqitch.changes (change text, committed_at serial);
     insert into sqitch.changes values ('users'), ('shout'), ('shout')`,
    ['users', 'shout', 'shout#2'],
  ],
  [
    'diesel',
    `create table __diesel_schema_migrations (version varchar(50), run_on timestamp);
     insert into __diesel_schema_migrations values ('00000000000000'), ('20200101120000')`,
    ['00000000000000', '20200101120000'],
  ],
  [
    'sqlx',
    `create table _sqlx_migrations (version bigint, success boolean);
     insert into _sqlx_migrations values (20200101120000, true)`,
    ['20200101120000'],
  ],
  [
    'node-pg-migrate',
    `create table pgmigrations (id serial, name text);
     insert into pgmigrations (name) values ('1577880000000_create-users')`,
    ['1577880000000_create-users'],
  ],
  [
    'alembic',
    `create table alembic_version (version_num text); insert into alembic_version values ('bbb1')`,
    ['aaa1', 'bbb1'],
  ],
]

for (const [format, statements, expected] of HALF_WAY) {
  test(`a database that ${format} has migrated half-way is adopted`, t =>
    withDatabase(t, async ({ url, sql }) => {
      await sql.unsafe(statements)
      const settings = emptyProject(t, url)
      const request = { source: fixtureOf(format), format, adopt: true, force: true }
      const dry = await importHistory(settings, { ...request, dryRun: true })
      t.throws(() => readHistory(settings), { code: 'NO_REVISIONS' })
      const { written, applied } = await importHistory(settings, request)
      const versionOf = new Map(written.map(({ id, version }) => [id, version]))
      t.deepEqual(
        applied?.map(id => versionOf.get(id) ?? ''),
        [...expected],
      )
      t.deepEqual(dry.applied, applied)
      const state = await readState(settings)
      t.deepEqual(state.ledger.revisions.map(({ id }) => id).sort(), [...(applied ?? [])].sort())
      t.is(state.pending.length, written.length - expected.length)
    }))
}

test('a table that is not there, a failure of the tool, and versions without files are refused before anything is written', t =>
  withDatabase(t, async ({ url, sql }) => {
    const settings = emptyProject(t, url)
    const request = { source: fixtureOf('golang-migrate'), format: 'golang-migrate', adopt: true } as const
    const refused = () => t.throwsAsync(importHistory(settings, request), { instanceOf: ToolHistoryError })
    t.regex((await refused())?.message ?? '', /schema_migrations/)
    await sql`create table schema_migrations (version bigint, dirty boolean)`
    await sql`insert into schema_migrations values (2, true)`
    t.deepEqual((await refused())?.versions, ['2'])
    await sql`update schema_migrations set version = 7, dirty = false`
    t.deepEqual((await refused())?.versions, ['7'])
    t.throws(() => readHistory(settings), { code: 'NO_REVISIONS' })
  }))
