import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { merge } from '../../src/actions/merge.ts'
import { UnknownFolderError } from '../../src/errors/authoring-errors.ts'
import { ConflictingBranchesError } from '../../src/errors/proof-errors.ts'
import { withScratchProject } from '../support/scratch-project.ts'

const BASE = `
  create table account (id integer primary key, name text, balance integer not null default 0);
  create view owner as select id, name from account;`

const DRAWING = `root <- a
                 root <- b`

interface Pair {
  readonly base?: string
  readonly a: string
  readonly b: string
}

/** Two branches on one base are joined. */
const commutes = test.macro((t, { base = BASE, a, b }: Pair) =>
  withScratchProject(DRAWING, { root: base, a, b }, async ({ settings }) => {
    const { revision, verdicts } = await merge(settings, { targets: ['heads'], proof: true })
    t.deepEqual([...revision.parents].sort(), ['a', 'b'])
    t.deepEqual(
      verdicts.flatMap(({ conflicts }) => conflicts),
      [],
    )
  }),
)

/** Two branches on one base are refused; `because` is found in a conflict. */
const conflicts = test.macro((t, { because, base = BASE, a, b }: Pair & { because: RegExp }) =>
  withScratchProject(DRAWING, { root: base, a, b }, async ({ root, settings }) => {
    const error = await t.throwsAsync(merge(settings, { targets: ['heads'], proof: true }), {
      instanceOf: ConflictingBranchesError,
    })
    t.regex(JSON.stringify(error?.conflicts), because)
    t.deepEqual(
      readdirSync(join(root, 'migrations')).filter(name => /merge/.test(name)),
      [],
    )
  }),
)

test('branches that alter one column to two types are refused', conflicts, {
  a: 'alter table account alter balance type bigint',
  b: 'alter table account alter balance type numeric',
  because: /column public\.account\.balance/,
})
test('branches of which one drops what the other indexes are refused', conflicts, {
  a: 'alter table account drop column balance',
  b: 'create index on account (balance)',
  because: /balance.* does not exist/,
})
test('branches that create one name twice are refused', conflicts, {
  a: 'create table invoice (id integer)',
  b: 'create table invoice (id integer, total numeric)',
  because: /already exists/,
})
test('branches that replace one function by two bodies are refused', conflicts, {
  a: "create or replace function rate() returns integer language sql as 'select 1'",
  b: "create or replace function rate() returns integer language sql as 'select 2'",
  because: /function public\.rate/,
})
test('branches of which one renames what the other alters are refused', conflicts, {
  a: 'alter table account rename name to title',
  b: 'alter table account alter name set not null',
  because: /does not exist/,
})
test('branches that set two defaults are refused', conflicts, {
  a: 'alter table account alter balance set default 1',
  b: 'alter table account alter balance set default 2',
  because: /default/,
})
test('branches of which one grants on all tables that there are are refused', conflicts, {
  a: 'grant select on all tables in schema public to public',
  b: 'create table invoice (id integer)',
  because: /grant on table public\.invoice/,
})

test('branches that add two tables commute', commutes, {
  a: 'create table invoice (id integer)',
  b: 'create table payment (id integer)',
})
test('branches that add a column each commute, whatever their order', commutes, {
  a: 'alter table account add email text',
  b: 'alter table account add phone text',
})
test('branches that index two columns commute', commutes, {
  a: 'create index on account (name)',
  b: 'create index on account (balance)',
})
test('branches of which one comments what the other indexes commute', commutes, {
  a: "comment on column account.name is 'as on the card'",
  b: 'create unique index on account (name)',
})
test('branches that add two functions commute', commutes, {
  a: "create function one() returns integer language sql as 'select 1'",
  b: "create function two() returns integer language sql as 'select 2'",
})
test('branches of which one adds a trigger and the other a check commute', commutes, {
  a: `create function touch() returns trigger language plpgsql as 'begin return new; end';
      create trigger touched before update on account for each row execute function touch()`,
  b: 'alter table account add constraint solvent check (balance >= 0)',
})
test('branches of which one writes rows and the other adds a table commute', commutes, {
  a: "insert into account values (1, 'first', 1)",
  b: 'create table payment (account integer references account)',
})
test('branches that add two types commute', commutes, {
  a: "create type colour as enum ('red')",
  b: 'create domain amount as numeric check (value >= 0)',
})
test('branches that drop the same thing if it is there commute', commutes, {
  a: 'drop view if exists owner',
  b: 'drop view if exists owner; create table payment (id integer)',
})
test('branches that work in two schemas commute', commutes, {
  a: 'create schema billing; create table billing.invoice (id integer)',
  b: 'create schema stock; create table stock.item (id integer)',
})

test('branches commute whose revisions can only be committed one by one', t =>
  withScratchProject(
    `root <- a1 <- a2
     root <- b`,
    {
      root: "create type colour as enum ('red'); create table car (colour colour)",
      a1: "alter type colour add value 'blue'",
      a2: "alter table car alter colour set default 'blue'",
      b: 'create table other ()',
    },
    async ({ settings }) => {
      const { verdicts } = await merge(settings, { targets: ['heads'], proof: true })
      t.deepEqual(
        verdicts.map(verdict => verdict.conflicts),
        [[]],
      )
    },
  ))

test('every two of three heads are tried', async t => {
  const drawing = `root <- a
                   root <- b
                   root <- c`
  const scripts = { root: BASE, a: 'create table x ()', b: 'create table y ()', c: 'create table y (id int)' }
  await withScratchProject(drawing, scripts, async ({ settings }) => {
    const error = await t.throwsAsync(merge(settings, { targets: ['heads'], proof: true }), {
      instanceOf: ConflictingBranchesError,
    })
    t.deepEqual(new Set(error?.conflicts.flatMap(({ heads }) => heads)), new Set(['b', 'c']))
  })
})

test('what a branch depends on in the other is applied before both', async t => {
  const drawing = `root <- a1 <- a2
                   root <- b(a1)`
  const scripts = {
    base: BASE,
    a1: 'create table x (id int)',
    b: 'create index on x (id)',
    a2: 'create table z ()',
  }
  await withScratchProject(drawing, scripts, async ({ settings }) => {
    const { verdicts } = await merge(settings, { targets: ['heads'], proof: true })
    t.deepEqual(
      verdicts.map(verdict => verdict.conflicts),
      [[]],
    )
  })
})

test('a branch that fails by itself is no conflict', t =>
  withScratchProject(
    DRAWING,
    { root: BASE, a: 'select 1 / 0', b: 'create table y ()' },
    async ({ settings }) => {
      await t.throwsAsync(merge(settings, { targets: ['heads'], proof: true }), { code: 'REVISION_FAILED' })
    },
  ))

test('without the proof conflicting branches are joined', t =>
  withScratchProject(DRAWING, { a: 'create table x ()', b: 'create table x ()' }, async ({ settings }) => {
    const { revision } = await merge(settings, { targets: ['heads'], proof: false })
    t.is(revision.parents.length, 2)
  }))

test('branches without statements need no server', t =>
  withScratchProject(DRAWING, { root: BASE, a: 'create table x ()' }, async ({ settings }) => {
    const unreachable = { ...settings, scratch: { url: { text: 'postgres://127.0.0.1:1/none', unset: [] } } }
    const { verdicts } = await merge(unreachable, { targets: ['heads'], proof: true })
    t.deepEqual(
      verdicts.map(verdict => verdict.conflicts),
      [[]],
    )
  }))

test('a merge that could not be written is refused before anything is tried', t =>
  withScratchProject(
    DRAWING,
    { root: BASE, a: 'create table a ()', b: 'create table b ()' },
    async scratch => {
      const tried: unknown[] = []
      const request = { targets: ['heads'], folder: 'elsewhere', proof: true }
      await t.throwsAsync(merge(scratch.settings, request, { onTrial: heads => tried.push(heads) }), {
        instanceOf: UnknownFolderError,
      })
      t.deepEqual(tried, [])
    },
  ))
