import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { check, isClean } from '../../src/actions/check.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { withScratchProject } from '../support/scratch-project.ts'

const SCRIPTS = {
  a: `create table account (id integer primary key, name text);
      create index by_name on account (name);
      create function rate() returns integer language sql as 'select 1'`,
}

interface ByHand {
  readonly sql: string
  /** The objects that are found. */
  readonly objects: readonly string[]
}

/** States what is found after somebody changed the live schema by hand. */
const finds = test.macro((t, { sql: byHand, objects }: ByHand) =>
  withDatabase(t, ({ url, sql }) =>
    withScratchProject('a', SCRIPTS, async ({ settings }) => {
      const live = { ...settings, url: { text: url, unset: [], source: '--url' } }
      await upgrade(live, { targets: ['heads'] })
      await sql.unsafe(byHand)
      const report = await check(live)
      t.deepEqual(
        report.drift?.changes.map(({ object }) => object),
        [...objects],
      )
      t.is(isClean(report), objects.length === 0)
      if (objects.length === 0) return
      await sql.unsafe(report.drift?.sql ?? '')
      t.true(isClean(await check(live)), 'the SQL of the report mends it')
    }),
  ),
)

test('a database that nobody touched is clean', finds, { sql: 'select 1', objects: [] })

test('what was changed by hand is found, and mended by the SQL that is shown', finds, {
  sql: `alter table account add email text;
        drop index by_name;
        grant select on account to public;
        grant insert on account to pg_read_all_data;
        create or replace function rate() returns integer language sql as 'select 2'`,
  objects: [
    'column public.account.email',
    'function public.rate()',
    'grant on table public.account to pg_read_all_data',
    'grant on table public.account to PUBLIC',
    'index public.by_name',
  ],
})

test('more heads than allowed are found', t =>
  withDatabase(t, ({ url }) =>
    withScratchProject(
      `a <- b
       a <- c`,
      SCRIPTS,
      async ({ settings }) => {
        const live = { ...settings, url: { text: url, unset: [], source: '--url' } }
        t.deepEqual([...(await check(live)).tooManyHeads], ['b', 'c'])
        t.deepEqual([...(await check({ ...live, maxHeads: 2 })).tooManyHeads], [])
      },
    ),
  ))

test('what the desired schema has, and no revision makes, is found', t =>
  withDatabase(t, ({ url }) =>
    withScratchProject('a', SCRIPTS, async ({ root, settings }) => {
      const file = join(root, 'schema.sql')
      const live = { ...settings, schema: [file], url: { text: url, unset: [], source: '--url' } }
      await upgrade(live, { targets: ['heads'] })
      await writeFile(file, SCRIPTS.a)
      t.true(isClean(await check(live)))
      await writeFile(file, `${SCRIPTS.a}; alter table account add email text`)
      const report = await check(live)
      t.false(isClean(report))
      t.deepEqual(
        report.unmade?.changes.map(({ object }) => object),
        ['column public.account.email'],
      )
      t.deepEqual(report.drift?.changes, [])
    }),
  ))
