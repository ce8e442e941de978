import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { type VerifyReport, verify } from '../../src/actions/verify.ts'
import type { RevisionProof } from '../../src/scratch/revision-proof.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { type Scripts, withScratchProject } from '../support/scratch-project.ts'

const ALL = { range: ':', jobs: 2, cache: false }

interface History {
  readonly graph: string
  readonly scripts: Readonly<Record<string, Scripts>>
  /** `a proved, b no down` */
  readonly outcomes: string
}

/** States what is found of each revision of a history. */
const finds = test.macro((t, { graph, scripts, outcomes }: History) =>
  withScratchProject(graph, scripts, async ({ settings }) => {
    t.is(summary(await verify(settings, ALL)), outcomes)
  }),
)

test('a revision whose down restores what was there is proved', finds, {
  graph: 'a <- b',
  scripts: {
    a: { up: 'create table account (id integer)', down: 'drop table account' },
    b: { up: 'alter table account add name text', down: 'alter table account drop name' },
  },
  outcomes: 'a proved, b proved',
})

test('a missing down is found, unless it is declared', finds, {
  graph: 'a <- b',
  scripts: {
    a: 'create table account (id integer)',
    b: { up: 'drop table account', header: '-- irreversible: the rows are gone' },
  },
  outcomes: 'a no down, b irreversible',
})

test('what a broken down leaves does not reach the revisions after it', finds, {
  graph: 'a <- b <- c <- d',
  scripts: {
    a: { up: 'create table x (id integer)', down: 'drop table y' },
    b: { up: 'create table y (id integer); create index on y (id)', down: 'alter table y rename to z' },
    c: { up: 'alter table y add name text', down: 'alter table y drop name' },
    d: { up: 'drop table y', down: 'create table y (id integer, name text); create index on y (id)' },
  },
  outcomes: 'a down fails, b down does not restore, c proved, d proved',
})

test('an up that works only once is found', finds, {
  graph: 'a',
  scripts: {
    a: {
      up: 'create sequence counter; create table seen (id integer)',
      down: `drop table seen; drop sequence counter;
             create function pg_temp.f() returns void language sql as 'select'`,
      verify: "select to_regclass('sqlbraid.event') is not null and not exists (select from sqlbraid.event)",
    },
  },
  outcomes: 'a up is not repeatable',
})

test('after a revision that fails nothing is reached', finds, {
  graph: 'a <- b <- c',
  scripts: { a: 'select 1', b: 'select 1 / 0', c: 'select 1' },
  outcomes: 'a no down, b up fails, c not reached',
})

test('a verify script that says no fails its revision', finds, {
  graph: 'a',
  scripts: { a: { up: 'create table x ()', down: 'drop table x', verify: 'select false' } },
  outcomes: 'a up fails',
})

test('a merge point is proved when its own script reconciles its parents', finds, {
  graph: `root <- a <- m
          root <- b <- m`,
  scripts: {
    root: { up: 'create table x (n integer)', down: 'drop table x' },
    a: { up: 'alter table x alter n type bigint', down: 'alter table x alter n type integer' },
    b: { up: 'alter table x alter n type numeric', down: 'alter table x alter n type integer' },
    m: { up: 'alter table x alter n type bigint', down: 'alter table x alter n type numeric' },
  },
  outcomes: 'root proved, a proved, b down does not restore, m proved',
})

test('a merge point whose parents do not converge is found', finds, {
  graph: `root <- a <- m
          root <- b <- m`,
  scripts: {
    root: { up: 'create table x (n integer default 0)', down: 'drop table x' },
    a: { up: 'alter table x alter n set default 1', down: 'alter table x alter n set default 0' },
    b: { up: 'alter table x alter n set default 2', down: 'alter table x alter n set default 1' },
    m: { up: '', down: '' },
  },
  outcomes: 'root proved, a proved, b proved, m branches conflict',
})

test('a down that does not restore is shown with the objects and the SQL that would mend it', t =>
  withScratchProject(
    'a',
    { a: { up: 'create table x (); create view v as select 1 as n', down: 'drop table x' } },
    async ({ settings }) => {
      const proof = only(await verify(settings, ALL))
      t.deepEqual(proof.changes, [{ object: 'view public.v', what: 'only after the down' }])
      t.regex(proof.sql, /DROP VIEW "public"\."v"/)
    },
  ))

test('columns that come back in another order are a warning', t =>
  withScratchProject(
    'a <- b',
    {
      a: { up: 'create table x (one integer, two integer)', down: 'drop table x' },
      b: { up: 'alter table x drop one', down: 'alter table x add one integer' },
    },
    async ({ settings }) => {
      const { proofs } = await verify(settings, { ...ALL, range: 'b' })
      t.deepEqual(
        proofs.map(({ outcome, columnOrder }) => [outcome, columnOrder]),
        [['proved', ['public.x']]],
      )
    },
  ))

test('what is not compared is named', t =>
  withScratchProject(
    'a',
    { a: { up: 'create table x (m int, n int); create statistics s on m, n from x', down: 'drop table x' } },
    async ({ settings }) => {
      t.regex(only(await verify(settings, ALL)).notCompared.join(), /statistics/)
    },
  ))

test('rows of sample data that an up and down lose are counted', t =>
  withScratchProject(
    'a <- b',
    {
      a: { up: 'create table x (n integer)', down: 'drop table x' },
      b: { up: 'delete from x where n = 2', down: '' },
    },
    async ({ root, settings }) => {
      mkdirSync(join(root, 'fixtures'))
      writeFileSync(
        join(root, 'fixtures', 'rows.sql'),
        '-- revision: a\n\ninsert into x values (1), (2), (3);\n',
      )
      const proof = (await verify(settings, ALL)).proofs.find(({ revision }) => revision === 'b')
      t.deepEqual(proof?.lostRows, [{ table: 'public.x', before: 3, after: 2 }])
    },
  ))

test('only what is new is tried again', t =>
  withScratchProject(
    'a <- b',
    {
      a: { up: 'create table x ()', down: 'drop table x' },
      b: { up: 'create table y ()', down: 'drop table y' },
    },
    async ({ settings, write }) => {
      await tried(settings)
      t.deepEqual(await tried(settings), [])
      await write('a <- b', { a: { up: 'create table x ()', down: 'drop table x' }, b: 'create table z ()' })
      t.deepEqual(await tried(settings), ['b'])
    },
  ))

/** The revisions that a run with the cache had to try. */
async function tried(settings: Settings): Promise<string[]> {
  const revisions: string[] = []
  await verify(settings, { ...ALL, cache: true }, { onProof: ({ revision }) => revisions.push(revision) })
  return revisions
}

function summary({ proofs }: VerifyReport): string {
  return proofs.map(({ revision, outcome }) => `${revision} ${outcome}`).join(', ')
}

function only({ proofs: [proof] }: VerifyReport): RevisionProof {
  if (proof === undefined) throw new Error('There is no proof.')
  return proof
}
