import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { generateDown } from '../../src/actions/generate-down.ts'
import { verify } from '../../src/actions/verify.ts'
import { DownExistsError, NothingToUndoError } from '../../src/errors/proof-errors.ts'
import { type Scripts, withScratchProject } from '../support/scratch-project.ts'

interface Undone {
  /** Of revision `b`, which stands on `a`. */
  readonly up: string
  readonly a: string
  /** Objects whose rows are gone. */
  readonly lost?: readonly string[]
  /** What stands in the down script. */
  readonly down?: RegExp
}

/** States that the down script that is written for a revision restores what was there. */
const undoes = test.macro((t, { up, a, lost = [], down = /./ }: Undone) =>
  withScratchProject('a <- b <- c', { a, b: up }, async ({ root, settings }) => {
    const generated = await generateDown(settings, 'b')
    t.is(generated.file, join(root, 'migrations/b.down.sql'))
    t.deepEqual([...generated.lost], [...lost])
    t.regex(readFileSync(generated.file, 'utf8'), down)
    const { proofs } = await verify(settings, { range: 'b', jobs: 1, cache: false })
    t.deepEqual(
      proofs.map(({ outcome }) => outcome),
      ['proved'],
    )
  }),
)

test('what a revision makes is dropped, with what depends on it first', undoes, {
  a: 'create table account (id integer primary key)',
  up: `create table invoice (id integer primary key, account integer references account);
       create view due as select id from invoice;
       create function f() returns trigger language plpgsql as 'begin return new; end';
       create trigger t before insert on account for each row execute function f()`,
})

test('what a revision drops is made again, and it is said that its rows are not', undoes, {
  a: `create table account (id integer primary key, name text not null default 'x');
      create index by_name on account (name)`,
  up: 'alter table account drop name',
  lost: ['column public.account.name'],
  down: /-- The up script drops column public\.account\.name; what it held does not come back\./,
})

test('a value added to an enum is taken out again', undoes, {
  a: "create type mood as enum ('sad'); create table account (mood mood default 'sad')",
  up: "alter type mood add value 'glad'",
})

/** States that nothing is written. */
const refuses = test.macro(
  (t, script: Scripts, error: typeof DownExistsError | typeof NothingToUndoError, because: RegExp) =>
    withScratchProject('a', { a: script }, async ({ root, settings }) => {
      const before = existsSync(join(root, 'migrations/a.down.sql'))
      await t.throwsAsync(generateDown(settings, 'a'), { instanceOf: error, message: because })
      t.is(existsSync(join(root, 'migrations/a.down.sql')), before)
    }),
)

test(
  'a down script that is there stays as it is',
  refuses,
  { down: 'select 1' },
  DownExistsError,
  /a\.down\.sql/,
)

test(
  'a revision that changes no schema gets no down script',
  refuses,
  'select 1',
  NothingToUndoError,
  /no schema/,
)

test(
  'what is declared irreversible stays so',
  refuses,
  { up: 'create table x ()', header: '-- irreversible: we said so' },
  NothingToUndoError,
  /we said so/,
)
