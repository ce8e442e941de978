import test from 'ava'
import fc from 'fast-check'
import { upgrade } from '../../src/actions/upgrade.ts'
import { RevisionFailedError, RunInterruptedError, RunLostError } from '../../src/errors/run-errors.ts'
import { type TestDatabase, withDatabase } from '../support/database.ts'
import { driverFor } from '../support/driver.ts'
import { appliedIn, eventsIn, tablesIn } from '../support/ledger-rows.ts'
import { type WrittenRevision, writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }

/** `t1` to `t<count>`, a table each. */
function tables(count: number): Record<string, WrittenRevision> {
  const ids = Array.from({ length: count }, (_, index) => `t${index + 1}`)
  return Object.fromEntries(ids.map(id => [id, `create table ${id} (id int);`]))
}

/** In how many transactions the revisions of the ledger were applied. */
async function transactionsIn(sql: TestDatabase['sql']): Promise<number> {
  const [row] = await sql`select count(distinct xmin::text)::int as count from sqlbraid.revision`
  return Number(row?.['count'])
}

/** Looks through a connection that was not there before. */
async function withOther<T>(url: string, look: (sql: TestDatabase['sql']) => Promise<T>): Promise<T> {
  const sql = driverFor(url)
  try {
    return await look(sql)
  } finally {
    await sql.end()
  }
}

/** Everything of the ledger that says what was done, and in which order; neither when nor how long it took. */
async function recordIn(sql: TestDatabase['sql']) {
  const revisions = await sql`
    select revision, parents, depends, labels, message, created, checksum, up_script, down_script, state,
      pending_direction, statements_done, applied_by, tool_version, duration_ms >= 0 as took
    from sqlbraid.revision order by applied_order`
  const events = await sql`
    select action, revision, outcome, error #- '{place,file}' as error, database_user, os_user, host, git_commit, tool_version, duration_ms >= 0 as took
    from sqlbraid.event order by event`
  return { revisions: [...revisions], events: [...events] }
}

test('the revisions of a new database are committed in groups', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, tables(40))
    const report = await upgrade(settings, heads)
    t.deepEqual(new Set(report.steps.map(({ state }) => state)), new Set(['applied']))
    t.is((await appliedIn(sql)).split(' ').length, 40)
    t.true((await transactionsIn(sql)) < 40)
  }))

test('where there is something already, each revision is committed by itself', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, tables(3))
    await upgrade(project.settings, { targets: ['t1'] })
    await upgrade(project.settings, heads)
    t.is(await transactionsIn(sql), 3)
  }))

const NOT_NEW = {
  'holds a table': 'create table settled ()',
  'holds a view': 'create view settled as select 1',
  'somebody else is in': 'select 1',
}

for (const [what, statement] of Object.entries(NOT_NEW))
  test(`in a database that ${what}, each revision is committed by itself, also on the first run`, t =>
    withDatabase(t, async ({ url, sql }) => {
      await sql.unsafe(statement)
      if (what.startsWith('holds')) await sql.end()
      await upgrade(writeProject(t, url, tables(3)).settings, heads)
      t.is(await withOther(url, transactionsIn), 3)
    }))

test('where a transaction may last only so long, each revision is committed by itself', t =>
  withDatabase(t, async ({ name, url, sql }) => {
    const [server] = await sql`select current_setting('server_version_num')::int as version`
    if (Number(server?.['version']) < 170_000) {
      t.log('skipped: before PostgreSQL 17 there is no transaction_timeout')
      return t.pass()
    }
    await sql.unsafe(`alter database ${name} set transaction_timeout = '30s'`)
    await sql.end()
    await upgrade(writeProject(t, url, tables(3)).settings, heads)
    t.is(await withOther(url, transactionsIn), 3)
  }))

test('what each revision does, and what the ledger keeps of it, is the same in groups as one by one', async t => {
  const statements = fc.constantFrom(
    "insert into log (text) values ('a'), ('b');",
    'select count(*) from log;',
    "update log set text = text || 'x' where id = 2;",
    'set search_path = pg_catalog; set role pg_monitor;',
    'create temp table leftover as select 1;',
    'prepare p as select 1;',
    'declare c cursor with hold for select 1;',
    "do $$ begin raise notice 'said'; end $$;",
    'savepoint s; select 1; rollback to s;',
    'alter table log add column if not exists more int;',
    'select path_is_default from expected;',
    'select 1/0;',
    "select 'unknown'::mood;",
    'reset all;',
    'select pg_sleep(0.02);',
  )
  const joining = fc.array(statements, { maxLength: 3 }).map(parts => ({ up: parts.join('\n'), header: '' }))
  // Ends a group, so that the next one begins with whatever comes.
  const alone = fc.constant({ up: 'select 1;', header: 'transaction: off' })
  const script = fc.oneof({ weight: 4, arbitrary: joining }, { weight: 1, arbitrary: alone })
  const first = `create table log (id serial primary key, text text);
    create view expected as select current_setting('search_path') = '"$user", public' as path_is_default;`
  const outcomeOf = (
    scripts: readonly { readonly up: string; readonly header: string }[],
    isAlone: boolean,
  ) =>
    withDatabase(t, async ({ url, sql }) => {
      if (isAlone) await sql`select 1`
      const revisions = scripts.map((written, index) => [`r${index}`, written])
      const { settings } = writeProject(t, url, { first, ...Object.fromEntries(revisions) })
      const told: string[] = []
      const error = await upgrade(settings, heads, {
        onStepDone: ({ revision }) => told.push(`${revision} is done`),
        onNotice: ({ revision }, { message }) => told.push(`${revision}: ${message}`),
      }).then(
        () => undefined,
        (thrown: unknown) => {
          if (thrown instanceof RevisionFailedError) return thrown
          throw thrown
        },
      )
      const { revision, failure: facts, steps } = error ?? {}
      return {
        ...(await recordIn(sql)),
        told,
        failure: {
          revision,
          ...facts,
          place: facts?.place?.excerpt,
          states: steps?.map(({ state }) => state),
        },
        log: [...(await sql`select * from log order by id`)],
        transactions: isAlone ? 0 : await transactionsIn(sql),
      }
    })
  let grouped = 0
  await fc.assert(
    fc.asyncProperty(fc.array(script, { minLength: 2, maxLength: 8 }), async scripts => {
      const { transactions, ...together } = await outcomeOf(scripts, false)
      const { transactions: _, ...alone } = await outcomeOf(scripts, true)
      t.deepEqual(together, alone)
      if (transactions < together.revisions.length) grouped++
    }),
    { numRuns: 25, includeErrorInReport: true },
  )
  t.true(grouped > 5, `${grouped} histories were applied in groups`)
})

test('a failure in the middle of a group undoes only its own revision, and no serial number is lost to those before', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: 'create table a (id serial, text text);',
      b: "insert into a (text) values ('b');",
      c: "insert into a (text) values ('c');\nselect\n  nonsense;",
      d: "insert into a (text) values ('d');",
    })
    const error = await t.throwsAsync(upgrade(project.settings, heads), { instanceOf: RevisionFailedError })
    t.deepEqual(
      error.steps.map(({ state }) => state),
      ['applied', 'applied', 'failed', 'not run'],
    )
    t.like(error.failure.place, project.find('c.up.sql', 'nonsense'))
    t.is(await appliedIn(sql), 'a b')
    t.deepEqual(await eventsIn(sql), ['upgrade a done', 'upgrade b done', 'upgrade c failed'])
    t.deepEqual([...(await sql`select id, text from a`)], [{ id: 1, text: 'b' }])
  }))

test('what a script has prepared before it failed in a group does not stand in its way when it is tried by itself', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: { up: 'create table a ();', header: 'transaction: off' },
      b: 'prepare p as select 1;\nselect 1/0;',
      c: 'create table c ();',
    })
    const error = await t.throwsAsync(upgrade(project.settings, heads), { instanceOf: RevisionFailedError })
    t.like(error.failure, { phase: 'script', server: { sqlState: '22012' } })
    t.like(error.failure.place, project.find('b.up.sql', 'select 1/0'))
    t.is(await appliedIn(sql), 'a')
  }))

test('a value that is added to an enum can be used by the next revision', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, {
      a: "create type mood as enum ('calm');",
      b: "alter type mood add value 'glad';",
      c: "create table c as select 'glad'::mood as mood;",
      d: 'create table d ();',
    })
    await upgrade(settings, heads)
    t.is(await appliedIn(sql), 'a b c d')
  }))

test('what only its commit would show, fails the revision that it belongs to', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, {
      a: 'create table a (id int primary key);',
      b: 'create table b (a int references a deferrable initially deferred);',
      c: 'insert into b values (1);',
      d: 'insert into a values (1);',
    })
    const error = await t.throwsAsync(upgrade(settings, heads), { instanceOf: RevisionFailedError })
    t.is(error.revision, 'c')
    t.is(error.failure.phase, 'commit')
    t.is(await appliedIn(sql), 'a b')
  }))

test('with everything that only works in transactions of their own, revisions are applied one by one', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, {
      a: 'create table a ();',
      b: 'create table b ();',
      c: 'set transaction isolation level serializable; create table c ();',
      d: { up: 'create table d ();', verify: 'select true;' },
      e: { up: 'create index concurrently on a ((1));', header: 'transaction: off' },
      f: 'create table f (id int);\ncopy f from stdin;\n1\n\\.\n',
      g: 'create table g ();',
      h: 'create table h ();',
    })
    await upgrade(settings, heads)
    t.is(await appliedIn(sql), 'a b c d e f g h')
    t.is(await tablesIn(sql), 'a b c d f g h')
  }))

test('a run that is told to stop commits what was on its way, and the next one does the rest', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, tables(32))
    const stop = new AbortController()
    const interruption = { stop: stop.signal, cancel: new AbortController().signal }
    const run = upgrade(
      settings,
      { ...heads, interruption },
      { onStepStarted: step => step.revision === 't5' && stop.abort('SIGINT') },
    )
    const error = await t.throwsAsync(run, { instanceOf: RunInterruptedError })
    const applied = (await appliedIn(sql)).split(' ').length
    t.true(applied >= 5 && applied < 32, `${applied} revisions are applied`)
    t.is(error.steps.filter(({ state }) => state === 'applied').length, applied)
    t.is((await upgrade(settings, heads)).steps.length, 32 - applied)
  }))

test('a signal that cancels undoes the revision that runs, and those before it stay', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, { ...tables(3), t4: 'select pg_sleep(600);', t5: 'select 1;' })
    const { signal, abort } = abortable()
    const run = upgrade(
      settings,
      { ...heads, interruption: { stop: signal, cancel: signal } },
      { onStepStarted: step => step.revision === 't4' && abort() },
    )
    const error = await t.throwsAsync(run, { instanceOf: RunInterruptedError })
    t.deepEqual(
      error.steps.map(({ state }) => state),
      ['applied', 'applied', 'applied', 'failed', 'not run'],
    )
    t.is(await appliedIn(sql), 't1 t2 t3')
    t.is((await eventsIn(sql)).at(-1), 'upgrade t4 failed')
  }))

function abortable() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort('SIGTERM') }
}

test('a connection that is lost takes its group with it, and the next run applies all of it', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      ...tables(3),
      t4: 'select pg_terminate_backend(pg_backend_pid());',
      t5: 'select 1;',
    })
    const error = await t.throwsAsync(upgrade(project.settings, heads), { instanceOf: RunLostError })
    t.regex(error.message, /revision t4/)
    t.is(error.steps[3]?.state, 'failed')
    const applied = error.steps.filter(({ state }) => state === 'applied').map(({ revision }) => revision)
    t.true(applied.length < 3)
    t.is(await appliedIn(sql), applied.join(' '))
    t.is(await tablesIn(sql), applied.join(' '))
    project.write({ t4: 'create table t4 ();' })
    t.is((await upgrade(project.settings, heads)).steps.length, 5 - applied.length)
  }))

test('what a script says is told before its revision is done, though others are committed with it', t =>
  withDatabase(t, async ({ url }) => {
    const says = (what: string) => `\\echo echo ${what}\ndo $$ begin raise notice 'notice ${what}'; end $$;`
    const { settings } = writeProject(t, url, { a: says('a'), b: says('b'), c: 'select 1;' })
    const told: string[] = []
    await upgrade(settings, heads, {
      onEcho: (_, text) => told.push(text),
      onNotice: (_, { message }) => told.push(message),
      onStepDone: ({ revision }) => told.push(`${revision} is done`),
    })
    t.deepEqual(told, ['echo a', 'notice a', 'a is done', 'echo b', 'notice b', 'b is done', 'c is done'])
  }))
