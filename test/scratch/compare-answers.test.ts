import test from 'ava'
import fc from 'fast-check'
import type { Session } from '../../src/database/session.ts'
import { compareCatalogs, readCatalog, understandCatalog } from '../../src/scratch/compare.ts'
import {
  type AnsweredCatalog,
  askForCatalog,
  understand,
  unseenIn,
} from '../../src/scratch/compare-answers.ts'
import {
  type Answers,
  areSame,
  askingNoMore,
  UnforeseenQuestionError,
} from '../../src/scratch/compare-questions.ts'
import { withScratchServer } from '../../src/scratch/server.ts'
import { withState } from '../../src/scratch/state.ts'
import { ALL_KINDS, SCHEMA_PAIRS, type SchemaPair } from '../support/schema-pairs.ts'
import { withScratchProject } from '../support/scratch-project.ts'

const SCOPE = { ledgerSchema: 'sqlbraid', isInTransaction: true }
const SIDES = ['before', 'after'] as const

/** What no script is generated for, or what a comparison only warns of. */
const FURTHER_PAIRS: Readonly<Record<string, SchemaPair>> = {
  aggregate: { from: '', to: 'create aggregate total(integer) (sfunc = int4pl, stype = integer)' },
  column_order: { from: 'create table t (a integer, b text)', to: 'create table t (b text, a integer)' },
  default_privileges: { from: '', to: 'alter default privileges grant select on tables to public' },
  event_trigger: {
    from: '',
    to: `create function f() returns event_trigger language plpgsql as 'begin end';
         create event trigger e on ddl_command_end when tag in ('CREATE VIEW') execute function f()`,
  },
  foreign_table: {
    from: 'create foreign data wrapper w; create server s foreign data wrapper w',
    to: `create foreign data wrapper w; create server s foreign data wrapper w;
         create foreign table t (id integer options (a 'b')) server s`,
  },
  foreign_options: {
    from: 'create foreign data wrapper w; create server s foreign data wrapper w',
    to: "create foreign data wrapper w; create server s foreign data wrapper w options (host 'a')",
  },
  owner: { from: 'create table t ()', to: 'create table t (); alter table t owner to pg_read_all_data' },
  publication: {
    from: 'create table t (id integer)',
    to: 'create table t (id integer); create publication p for table t',
  },
  user_mapping: {
    from: 'create foreign data wrapper w; create server s foreign data wrapper w',
    to: `create foreign data wrapper w; create server s foreign data wrapper w;
         create user mapping for public server s options (u 'v')`,
  },
  what_is_not_compared: {
    from: 'create table t (a integer, b integer)',
    to: 'create table t (a integer, b integer); create statistics n on a, b from t',
  },
}

test('schemas that differ in anything have other answers', t =>
  inSession(async session => {
    for (const [kind, { from, to }] of Object.entries({ ...SCHEMA_PAIRS, ...FURTHER_PAIRS })) {
      const [before, after] = [await answeredAfter(session, from), await answeredAfter(session, to)]
      t.false(areSame(before.answers, after.answers), kind)
    }
  }))

test('one schema that came about in two orders has the same answers', t =>
  inSession(async session => {
    const tables = ['create table one (id serial primary key, v text)', 'create table two (v text unique)']
    const [there, back] = await undisturbed(async () => [
      await answeredAfter(session, tables.join(';')),
      await answeredAfter(session, tables.toReversed().join(';')),
    ])
    t.true(areSame(there.answers, back.answers))
    t.deepEqual(await difference(there, back), NONE)
  }))

test('what a name looks like hides nothing', t =>
  inSession(async session => {
    const named = (number: number) =>
      `create table "x""schema"" : ""pg_toast"", ""name"" : ""pg_toast_${number}" (id integer primary key)`
    const [one, other] = [await answeredAfter(session, named(1)), await answeredAfter(session, named(2))]
    t.false(areSame(one.answers, other.answers))
  }))

test('all that is asked of a schema with something of everything was foreseen, and means the same without a session', t =>
  inSession(async session => {
    await session.query(`begin; ${ALL_KINDS}`)
    const answered = await askForCatalog(session, SCOPE)
    const read = await readCatalog(session, SCOPE)
    t.deepEqual(await compareCatalogs(await understand(answered), read, SIDES), NONE)
  }))

test('what cannot be compared is told without understanding all the rest', t =>
  inSession(async session => {
    const further = Object.entries(FURTHER_PAIRS).map(([kind, { to }]) => [kind, to] as const)
    for (const [kind, statements] of [...further, ['all kinds', ALL_KINDS] as const]) {
      const answered = await answeredAfter(session, statements)
      const { notCompared } = await understand(answered)
      t.deepEqual(await unseenIn(answered), notCompared, kind)
      t.is(notCompared.length > 0, kind === 'what_is_not_compared', kind)
    }
  }))

test('a question that was not foreseen is not passed over', t =>
  inSession(async session => {
    const { answers } = await answeredAfter(session, '')
    for (const text of [...answers.keys()].filter(text => /^\s*(select|with)\b/i.test(text))) {
      const others = new Map([...answers].filter(([other]) => other !== text))
      await t.throwsAsync(understandCatalog(askingNoMore(others), SCOPE), {
        instanceOf: UnforeseenQuestionError,
      })
    }
  }))

test('the order in which rows come makes no other schema', t =>
  inSession(async session => {
    const { answers } = await answeredAfter(session, ALL_KINDS)
    const catalog = await understandCatalog(askingNoMore(answers), SCOPE)
    await fc.assert(
      fc.asyncProperty(shuffled(answers), async other => {
        t.true(areSame(answers, other))
        const again = await understandCatalog(askingNoMore(other), SCOPE)
        t.deepEqual(await compareCatalogs(catalog, again, SIDES), NONE)
      }),
      { numRuns: 20 },
    )
  }))

test('one row more, or another, is noticed', t => {
  const answersOf = (...rows: string[]) => new Map([['select 1', rows]])
  t.true(areSame(answersOf('a', 'b', 'a'), answersOf('a', 'a', 'b')))
  t.false(areSame(answersOf('a', 'b', 'a'), answersOf('a', 'b', 'b')))
  t.false(areSame(answersOf('a'), answersOf('a', 'a')))
  t.false(areSame(answersOf('a'), answersOf()))
  t.false(areSame(answersOf('a'), new Map([['select 2', ['a']]])))
})

const NONE = { changes: [], sql: '', columnOrder: [] }

async function difference(from: AnsweredCatalog, to: AnsweredCatalog) {
  return compareCatalogs(await understand(from), await understand(to), SIDES)
}

/** What is answered after the statements, which are undone again. */
async function answeredAfter(session: Session, statements: string): Promise<AnsweredCatalog> {
  await session.query(`begin; ${statements}`)
  try {
    return await askForCatalog(session, SCOPE)
  } finally {
    await session.query('rollback')
  }
}

type Pair = readonly [AnsweredCatalog, AnsweredCatalog]

/** Roles are the server's, and in the answers: what was read while other tests make and drop some is read again. */
async function undisturbed(read: () => Promise<Pair>): Promise<Pair> {
  for (let tries = 1; ; tries++) {
    const pair = await read()
    if (tries === 30 || areSame(pair[0].answers, pair[1].answers)) return pair
  }
}

function shuffled(answers: Answers): fc.Arbitrary<Answers> {
  const orders = [...answers].map(([text, rows]) =>
    fc.shuffledSubarray([...rows], { minLength: rows.length }).map(order => [text, order] as const),
  )
  return fc.tuple(...orders).map(entries => new Map(entries))
}

/** Gives `use` a session on an empty database. */
function inSession(use: (session: Session) => Promise<void>): Promise<void> {
  return withScratchProject('a', {}, ({ settings }) =>
    withScratchServer(settings, {}, server =>
      withState(server, [], { ledgerSchema: 'sqlbraid', listener: {}, hasOwnRoles: false }, use),
    ),
  )
}
