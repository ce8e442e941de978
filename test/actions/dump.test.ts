import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { dump } from '../../src/actions/dump.ts'
import { withScratchProject } from '../support/scratch-project.ts'

const SCRIPTS = {
  a: `create type mood as enum ('sad', 'glad');
      create table account (id integer primary key, name text not null, mood mood default 'sad');
      create function later() returns bigint language sql as 'select 1::bigint'`,
  b: `create table invoice (id integer primary key, account integer references account);
      comment on table invoice is 'it''s due'`,
  c: 'create view names as select name from account; create index by_name on account (name)',
}

const GRAPH = `a <- b
               a <- c`

test('the schema of all heads, run in an empty database, gives the same schema', t =>
  withScratchProject(GRAPH, SCRIPTS, async ({ settings }) => {
    const { sql, revisions } = await dump(settings, { target: 'heads' })
    t.deepEqual([...revisions], ['b', 'c'])
    await withScratchProject('one', { one: sql }, async copy => {
      const again = await dump(copy.settings, { target: 'one' })
      t.is(again.sql.replace(/^--.*/, ''), sql.replace(/^--.*/, ''))
    })
  }))

test('a schema does not depend on the order in which it came about', async t => {
  const table = (name: string) =>
    `create table ${name} (id integer primary key, v text); create index on ${name} (v)`
  const schemas: string[] = []
  for (const [a, b] of [
    ['x', 'y'],
    ['y', 'x'],
  ] as const) {
    await withScratchProject('a <- b', { a: table(a), b: table(b) }, async ({ settings }) => {
      schemas.push((await dump(settings, { target: 'b' })).sql)
    })
  }
  t.is(schemas[0], schemas[1])
})

test('a target has what it requires and nothing else, in the file that was named', t =>
  withScratchProject(GRAPH, SCRIPTS, async ({ root, settings }) => {
    const file = join(root, 'schema.sql')
    await dump(settings, { target: 'b', file })
    const written = readFileSync(file, 'utf8')
    t.true(written.includes('CREATE TABLE "public"."invoice"'))
    t.false(written.includes('names'))
    await dump(settings, { target: 'a', file })
    t.false(readFileSync(file, 'utf8').includes('invoice'))
  }))
