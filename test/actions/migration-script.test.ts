import test from 'ava'
import type postgres from 'postgres'
import { downgrade, downgradeScript } from '../../src/actions/downgrade.ts'
import { upgrade, upgradeScript } from '../../src/actions/upgrade.ts'
import { lockKey } from '../../src/ledger/lock-key.ts'
import { withDatabase } from '../support/database.ts'
import { ids } from '../support/draw.ts'
import { type DrawnScripts, withDrawnProject } from '../support/drawn-project.ts'
import { hasPsql, runPsql } from '../support/run-psql.ts'

/** A test that needs psql. */
const withPsql = test.macro(async (t, run: (t: import('ava').ExecutionContext) => Promise<unknown>) => {
  if (hasPsql()) return void (await run(t))
  t.log('psql is missing: not tried')
  t.pass()
})

const NASTY = `create table nasty (body text, part text);
insert into nasty values ('a \\ b :USER ''q''', E'\\\\x :''USER''');\r
insert into nasty values ($$:USER \\set x

$1 $x$ \\. ü$$, (array['a','b'])[1:1]::text);
create function f() returns text language sql as $f$ select ':USER' || $$;$$ $f$;
copy nasty from stdin;\nü :USER\t\\\\x\\\\n'\n\\N\t$$\n\\.
comment on table nasty is 'it''s :"USER" {braces}';`

const TRUNK_AND_BRANCH = `
  a{1} <- b1[feature]{2} <- m{4}
  a <- b2(b1){3} <- m
  m <- off{5} <- z{6}`

const SCRIPTS: Readonly<Record<string, DrawnScripts>> = {
  a: { up: 'create table a (); set search_path = nowhere; set role pg_monitor' },
  b1: { up: NASTY, down: 'drop function f(); drop table nasty;' },
  b2: {
    up: 'create table b2 (x int)',
    verify:
      "insert into b2 values (1); select count(*) = 1, ':USER' from b2; values (true); select from b2 for update",
  },
  off: {
    up: 'create index concurrently b2_x on b2 (x);\nset lock_timeout = 0;\ncreate index concurrently b2_x2 on b2 (x)',
    down: 'drop index concurrently b2_x2; drop index concurrently b2_x',
    transaction: 'off',
    verify: 'select true',
  },
}

test('run by psql, the scripts leave what online runs leave', withPsql, t =>
  withDrawnProject(TRUNK_AND_BRANCH, SCRIPTS, project =>
    withDatabase(t, online =>
      withDatabase(t, async offline => {
        const settings = project.settings()
        const [up, down] = [{ targets: ['heads'] }, { targets: ['b1'] }]
        await upgrade(project.settings({ url: online.url }), up)
        const upScript = await upgradeScript(settings, { ...up, from: 'base' })
        const hostile = { PGCLIENTENCODING: 'LATIN1', PGOPTIONS: '-c search_path=public' }
        t.like(await runPsql(offline.url, upScript.sql, hostile), { code: 0, stderr: '' })
        t.deepEqual(await traces(offline.sql), await traces(online.sql))

        await downgrade(project.settings({ url: online.url }), down)
        const downScript = await downgradeScript(settings, { ...down, from: 'z' })
        t.like(await runPsql(offline.url, downScript.sql), { code: 0, stderr: '' })
        t.deepEqual(await traces(offline.sql), await traces(online.sql))
        t.deepEqual(downScript.heads, ids('b1', 'b2'))
        const [runs] = await offline.sql`select count(distinct run_id)::int from sqlbraid.event`
        t.is(runs?.['count'], 2)
      }),
    ),
  ),
)

test(
  'a script is the same bytes each time, from a named state and from a database in that state',
  withPsql,
  t =>
    withDrawnProject(TRUNK_AND_BRANCH, SCRIPTS, project =>
      withDatabase(t, async ({ url }) => {
        const named = await upgradeScript(project.settings(), { targets: ['heads'], from: 'b1,b2' })
        await upgrade(project.settings({ url }), { targets: ['b1', 'b2'] })
        const asked = await upgradeScript(project.settings({ url }), { targets: ['heads'] })
        t.is(asked.sql, named.sql)
        t.like(await runPsql(url, asked.sql), { code: 0, stderr: '' })
      }),
    ),
)

test('run twice, or in another state, a script fails and changes nothing', withPsql, t =>
  withDrawnProject('a <- b <- c', {}, project =>
    withDatabase(t, async ({ url, sql }) => {
      const settings = project.settings()
      const later = await upgradeScript(settings, { targets: ['c'], from: 'a' })
      const early = await runPsql(url, later.sql)
      t.is(early.code, 3)
      t.regex(early.stderr, /not in the state that this script starts from; nothing was changed/)
      t.regex(early.stderr, /expected to be: a\./)
      const [ledger] = await sql`select to_regnamespace('sqlbraid') as found`
      t.is(ledger?.['found'], null)

      const first = await upgradeScript(settings, { targets: ['b'], from: 'base' })
      t.is((await runPsql(url, first.sql)).code, 0)
      const before = await traces(sql)
      const again = await runPsql(url, first.sql)
      t.is(again.code, 3)
      t.regex(again.stderr, /not expected to be: a, b\./)
      t.deepEqual(await traces(sql), before)
    }),
  ),
)

test('a failing revision is undone, and those before it stay', withPsql, t =>
  withDrawnProject('a <- b <- c', { b: { up: 'create table b (); select 1/0;' } }, project =>
    withDatabase(t, async ({ url, sql }) => {
      const script = await upgradeScript(project.settings(), { targets: ['c'], from: 'base' })
      const result = await runPsql(url, script.sql)
      t.is(result.code, 3)
      t.regex(result.stderr, /division by zero/)
      t.deepEqual((await traces(sql)).tables, ['a'])
      t.deepEqual(
        (await sql`select revision from sqlbraid.revision`).map(row => row['revision']),
        ['a'],
      )
    }),
  ),
)

for (const [what, verify] of [
  ['answers false', 'select 1=2, true'],
  ['fails', 'select 1/0'],
] as const) {
  test(`a revision whose verify script ${what} is undone`, withPsql, t =>
    withDrawnProject('a', { a: { verify } }, project =>
      withDatabase(t, async ({ url, sql }) => {
        const script = await upgradeScript(project.settings(), { targets: ['a'], from: 'base' })
        const result = await runPsql(url, script.sql)
        t.is(result.code, 3)
        t.regex(result.stderr, what === 'fails' ? /division/ : /verify script of revision a answered false/)
        t.deepEqual((await traces(sql)).tables, [])
      }),
    ),
  )
}

test(
  'what stopped half-way outside a transaction is finished by a script from that database',
  withPsql,
  t => {
    const up = (statement: string) => `create table a1 ();\n${statement};\ncreate table a3 ();`
    return withDrawnProject('a', { a: { up: up('select 1/0'), transaction: 'off' } }, project =>
      withDatabase(t, async ({ url, sql }) => {
        const settings = project.settings({ url })
        const first = await upgradeScript(settings, { targets: ['a'], from: 'base' })
        t.is((await runPsql(url, first.sql)).code, 3)
        const [row] = await sql`select state, statements_done from sqlbraid.revision`
        t.like(row, { state: 'pending', statements_done: 1 })

        const head = '-- revision: a\n-- parents: none\n-- transaction: off\n\n'
        project.write('migrations/a.up.sql', `${head}${up('create table a2 ()')}`)
        const second = await upgradeScript(settings, { targets: ['a'] })
        t.like(await runPsql(url, second.sql), { code: 0, stderr: '' })
        t.deepEqual((await traces(sql)).tables, ['a1', 'a2', 'a3'])
      }),
    )
  },
)

test('with transaction = "all" nothing stays of a script that fails', withPsql, t =>
  withDrawnProject('a <- b', { b: { up: 'select 1/0' } }, project =>
    withDatabase(t, async ({ url, sql }) => {
      const settings = project.settings({ values: { transaction: 'all' } })
      const script = await upgradeScript(settings, { targets: ['b'], from: 'base' })
      t.is((await runPsql(url, script.sql)).code, 3)
      t.deepEqual((await traces(sql)).tables, [])
      project.write('migrations/b.up.sql', '-- revision: b\n-- parents: a\n\ncreate table b ();')
      const mended = await upgradeScript(settings, { targets: ['b'], from: 'base' })
      t.like(await runPsql(url, mended.sql), { code: 0, stderr: '' })
      t.deepEqual((await traces(sql)).tables, ['a', 'b'])
    }),
  ),
)

test('a script tries to get the lock, and never stands in the way of its holder', withPsql, t =>
  withDrawnProject('a', {}, project =>
    withDatabase(t, async ({ url, sql }) => {
      const settings = project.settings()
      const { sql: script } = await upgradeScript(settings, { targets: ['a'], from: 'base' })
      await sql`create table busy (x int)`
      const holder = await sql.reserve()
      await holder.unsafe(`select pg_advisory_lock(${lockKey('sqlbraid')})`)
      const waiting = runPsql(url, script)
      for (let sleeping = 0; sleeping === 0; ) {
        const [row] = await sql`select count(*)::int from pg_stat_activity
          where datname = current_database() and wait_event = 'PgSleep'`
        sleeping = row?.['count']
      }
      await holder`create index concurrently on busy (x)`
      await holder.unsafe(`select pg_advisory_unlock(${lockKey('sqlbraid')})`)
      holder.release()
      const result = await waiting
      t.is(result.code, 0)
      t.regex(result.stderr, /waiting for another run to end/)
    }),
  ),
)

test('a script that does not get the lock in time fails with nothing done', withPsql, t =>
  withDrawnProject('a', {}, project =>
    withDatabase(t, async ({ url, sql }) => {
      const settings = project.settings({ values: { lock_wait: '0s' } })
      const script = await upgradeScript(settings, { targets: ['a'], from: 'base' })
      const holder = await sql.reserve()
      await holder.unsafe(`select pg_advisory_lock(${lockKey('sqlbraid')})`)
      const result = await runPsql(url, script.sql)
      holder.release()
      t.is(result.code, 3)
      t.regex(result.stderr, /another run holds the lock/)
    }),
  ),
)

/** The catalog, the content of the tables and the ledger, less times, durations and run ids. */
async function traces(sql: postgres.Sql) {
  const rows = async (query: string) => (await sql.unsafe(query)).map(row => ({ ...row }))
  const tables = await rows(
    "select table_name from information_schema.tables where table_schema = 'public' order by 1",
  )
  const names = tables.map(({ table_name }) => String(table_name))
  const hasLedger = await rows("select 1 where to_regclass('sqlbraid.version') is not null")
  const ledger = hasLedger.length === 0 ? [] : LEDGER
  return {
    tables: names,
    catalog: await Promise.all(CATALOG.map(rows)),
    content: await Promise.all(names.map(name => rows(`select * from ${name}`))),
    ledger: await Promise.all(ledger.map(rows)),
  }
}

const CATALOG = [
  `select c.oid::regclass::text, relkind, relowner::regrole::text, obj_description(c.oid), pg_get_indexdef(c.oid)
   from pg_class c where relnamespace in ('public'::regnamespace, to_regnamespace('sqlbraid')) order by 1`,
  `select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace`,
]

const LEDGER = [
  `select revision, parents, depends, labels, message, created, checksum, up_script, down_script, state,
     pending_direction, statements_done, applied_by, tool_version from sqlbraid.revision order by applied_order`,
  `select action, revision, outcome, error, database_user, os_user, host, git_commit, tool_version
   from sqlbraid.event order by event`,
]
