import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { type AutogenerateRequest, autogenerate } from '../../src/actions/autogenerate.ts'
import {
  ChangeNotGeneratedError,
  DestructiveChangeError,
  UnknownRenameError,
} from '../../src/errors/proof-errors.ts'
import { withDatabase } from '../support/database.ts'
import { type ScratchProject, withScratchProject } from '../support/scratch-project.ts'

const REQUEST = { message: 'generated', renames: [], allowDestructive: false }

/** Generates a revision that gives `schema`; gives its scripts, none when there was nothing to do. */
async function generate(
  { root, settings }: ScratchProject,
  schema: string,
  request: Partial<AutogenerateRequest> = {},
) {
  const file = join(root, 'schema.sql')
  await writeFile(file, schema)
  const { revision, ...rest } = await autogenerate(
    { ...settings, schema: [file] },
    { ...REQUEST, ...request },
  )
  const text = (path = '') => readFileSync(path, 'utf8')
  return {
    ...rest,
    revision,
    ...(revision && { up: text(revision.parts.up), down: text(revision.parts.down) }),
  }
}

const A = { a: 'create table account (id integer primary key, name text)' }

test('a revision that gives the desired schema is written, and the next time there is nothing to do', t =>
  withScratchProject('a', A, async project => {
    const schema = `create table account (id integer primary key, name text, born date);
                    create index on account (born)`
    const { revision, up = '', down = '' } = await generate(project, schema)
    t.deepEqual([...(revision?.parents ?? [])], ['a'])
    t.regex(
      up,
      /-- locks public\.account against reads and writes\nALTER TABLE "public"\."account"\n {2}ADD COLUMN "born" date;/,
    )
    t.regex(up, /-- locks public\.account against writes\nCREATE INDEX account_born_idx/)
    t.regex(down, /DROP COLUMN "born"/)
    const files = readdirSync(join(project.root, 'migrations'))
    t.is((await generate(project, schema)).revision, undefined)
    t.deepEqual(readdirSync(join(project.root, 'migrations')), files)
  }))

test('what would lose data is written only when that is allowed, and then says so', t =>
  withScratchProject('a', A, async project => {
    const schema = 'create table account (id integer primary key, title text)'
    const error = await t.throwsAsync(generate(project, schema), { instanceOf: DestructiveChangeError })
    t.deepEqual([...(error?.lost ?? [])], ['column public.account.name'])
    t.regex(error?.suggestions[0] ?? '', /--rename public\.account\.name:public\.account\.title/)
    t.is(readdirSync(join(project.root, 'migrations')).length, 1)
    const { up = '' } = await generate(project, schema, { allowDestructive: true })
    t.regex(up, /^-- destructive: drops column public\.account\.name$/m)
    t.regex(up, /-- loses the data of column public\.account\.name/)
  }))

test('a rename keeps the rows, and all that hangs on the name', t =>
  withScratchProject(
    'a',
    {
      a: `create table account (id integer primary key, name text);
          create table invoice (id integer, account integer references account);
          create index by_name on account (name)`,
    },
    async project => {
      const schema = `
        create table customer (id integer primary key, title text);
        create table invoice (id integer, account integer references customer);
        create index by_name on customer (title)`
      const renames = [
        { from: 'account', to: 'customer' },
        { from: 'customer.name', to: 'title' },
      ]
      const { up = '', down = '' } = await generate(project, schema, { renames })
      t.regex(up, /ALTER TABLE "public"\."account" RENAME TO "customer";/)
      t.notRegex(up, /DROP|CREATE/)
      t.regex(down, /RENAME COLUMN "title" TO "name";[^;]*RENAME TO "account";\n$/)
      const unknown = { renames: [{ from: 'nothing', to: 'something' }] }
      await t.throwsAsync(generate(project, schema, unknown), { instanceOf: UnknownRenameError })
    },
  ))

const RENAMED = {
  a: `create table account (id serial primary key, name text, note text);
      create index account_name_idx on account (name);
      create type mood as enum ('good', 'bad');
      create table day (mood mood)`,
}
const RENAMED_SCHEMA = `
  create table customer (id serial primary key, title text, note text);
  create index customer_title_idx on customer (title);
  create type humour as enum ('good', 'bad');
  create table day (mood humour)`

test('what is approved as a rename is one, and what is the same but for its name is never made anew', t =>
  withScratchProject('a', RENAMED, async project => {
    const asked: string[] = []
    const approveRename: AutogenerateRequest['approveRename'] = async ({ kind, from, to }) => {
      asked.push(`${kind} ${from} ${to}`)
      return true
    }
    const { up = '', down = '' } = await generate(project, RENAMED_SCHEMA, { approveRename })
    t.deepEqual(asked, [
      'table public.account public.customer',
      'column public.customer.name public.customer.title',
      'type public.mood public.humour',
    ])
    for (const script of [up, down]) t.notRegex(script, /DROP|CREATE/)
    for (const name of ['customer_pkey', 'customer_id_seq', 'customer_title_idx'])
      t.regex(up, new RegExp(`TO "${name}"`))
  }))

test('what is no rename is a drop and an addition, and is asked once', t =>
  withScratchProject('a', A, async project => {
    let asked = 0
    const approveRename = async () => ++asked < 0
    const schema = 'create table account (id integer primary key, title text)'
    const { up = '' } = await generate(project, schema, { approveRename, allowDestructive: true })
    t.regex(up, /DROP COLUMN "name"/)
    t.is(asked, 1)
  }))

test('tables that have little in common are not asked about', t =>
  withScratchProject('a', A, async project => {
    const approveRename = () => Promise.reject(new Error('nobody should be asked'))
    const schema = 'create table invoice (number text, total numeric, due date)'
    const { up = '' } = await generate(project, schema, { approveRename, allowDestructive: true })
    t.regex(up, /DROP TABLE/)
  }))

test('where only a rename helps, it is suggested', t =>
  withScratchProject('a', RENAMED, async project => {
    const schema = RENAMED_SCHEMA.replaceAll('customer', 'account').replaceAll('title', 'name')
    const error = await t.throwsAsync(generate(project, schema), { instanceOf: ChangeNotGeneratedError })
    t.deepEqual(
      [...(error?.suggestions ?? [])],
      ['sqlbraid revision --autogenerate --rename public.mood:public.humour …'],
    )
  }))

test('what cannot be generated is named', t =>
  withScratchProject('a', A, async project => {
    const { revision, notCompared } = await generate(
      project,
      `${A.a}; create text search dictionary words (template = simple)`,
    )
    t.is(revision, undefined)
    t.regex(notCompared.join(), /text search/i)
  }))

test('a live database can be the desired schema', t =>
  withDatabase(t, ({ url, sql }) =>
    withScratchProject('a', A, async project => {
      await sql.unsafe(`${A.a}; create view names as select name from account`)
      const { up = '' } = await generate(project, '', { fromDatabase: url })
      t.regex(up, /CREATE VIEW "public"\."names"/)
      t.notRegex(up, /OWNER/)
    }),
  ))
