import { randomBytes } from 'node:crypto'
import test from 'ava'
import { proveConvergence } from '../../src/actions/prove-convergence.ts'
import { readHistory } from '../../src/actions/read-history.ts'
import { RevisionFailedError } from '../../src/errors/run-errors.ts'
import type { Verdict } from '../../src/scratch/convergence.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { ids } from '../support/draw.ts'
import { withScratchProject } from '../support/scratch-project.ts'

const GRAPH = `a <- b
               a <- c`
/** At its first time a state has no twin, at the second it gets one, at the third it has one. */
const TIMES = [1, 2, 3]

test('branches that commute are proved by one rehearsal of each order', async t => {
  const scripts = {
    a: `create table parent (id integer primary key, v text); comment on table parent is '${newName()}'`,
    b: `create table one (id integer primary key, v text unique, p integer references parent);
        create function f() returns trigger language plpgsql as 'begin return new; end';
        create trigger t before insert on parent for each row execute function f()`,
    c: `create table two (id serial primary key, v text); create type mood as enum ('good', 'bad');
        create view seen as select id from parent; create statistics n on id, v from parent`,
  }
  for (const { verdicts, ran } of await proveEachTime(scripts)) {
    const [verdict] = verdicts
    t.deepEqual(verdict?.conflicts, [])
    t.regex(verdict?.notCompared.join() ?? '', /statistics/)
    t.deepEqual(ran.filter(id => id !== 'a').sort(), ['b', 'b', 'c', 'c'])
  }
})

test('branches that conflict are told so in the same words each time', async t => {
  const replacing = (body: string) =>
    `create or replace function f() returns text language sql as 'select $$${body}$$'`
  const scripts = { a: `create table ${newName()} ()`, b: replacing('b'), c: replacing('c') }
  const [first, ...others] = await proveEachTime(scripts)
  t.regex(JSON.stringify(first?.verdicts), /"conflicts":\[\{.*function public\.f/)
  for (const { verdicts } of others) t.deepEqual(verdicts, first?.verdicts)
})

test('branches of which both take from one sequence commute each time', async t => {
  const name = newName()
  const scripts = {
    a: `create table ${name} (id serial, v text)`,
    b: `insert into ${name} (v) values ('b')`,
    c: `insert into ${name} (v) values ('c'); alter table ${name} add w integer`,
  }
  for (const { verdicts } of await proveEachTime(scripts)) t.deepEqual(verdicts[0]?.conflicts, [])
})

test('a branch that fails by itself fails each time with the same words', async t => {
  const scripts = { a: `create table ${newName()} ()`, b: 'drop table not_there', c: 'create table two ()' }
  await withScratchProject(GRAPH, scripts, async ({ settings }) => {
    for (const _ of TIMES) {
      const error = await t.throwsAsync(prove(settings), { instanceOf: RevisionFailedError })
      t.regex(error?.message ?? '', /^Revision b failed going up: .*not_there/)
    }
  })
})

interface Proved {
  readonly verdicts: readonly Verdict[]
  /** The revisions that were run, one for each time. */
  readonly ran: readonly string[]
}

function proveEachTime(scripts: Readonly<Record<string, string>>): Promise<Proved[]> {
  return withScratchProject(GRAPH, scripts, async ({ settings }) => {
    const all: Proved[] = []
    for (const _ of TIMES) all.push(await prove(settings))
    return all
  })
}

async function prove(settings: Settings): Promise<Proved> {
  const ran: string[] = []
  const listener = { onStepDone: ({ revision }: { readonly revision: string }) => void ran.push(revision) }
  const verdicts = await proveConvergence(settings, readHistory(settings), ids('b', 'c'), listener)
  return { verdicts, ran }
}

function newName(): string {
  return `n_${randomBytes(6).toString('hex')}`
}
