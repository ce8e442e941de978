import test from 'ava'
import fc from 'fast-check'
import { proveConvergence } from '../../src/actions/prove-convergence.ts'
import { readHistory } from '../../src/actions/read-history.ts'
import { type TestDatabase, withDatabase } from '../support/database.ts'
import { ids } from '../support/draw.ts'
import { withScratchProject } from '../support/scratch-project.ts'

const ROOT = 'create table t (a integer, b text, c numeric default 1)'

/** Statements that all work on the root alone, and get in each other's way in many ways. */
const STATEMENTS = [
  'alter table t drop column a',
  'alter table t alter a type bigint',
  'alter table t alter a set default 7',
  'alter table t alter a set default 8',
  'alter table t rename b to d',
  'create index t_b on t (b)',
  'create index t_c on t (c)',
  'alter table t add column d text',
  'alter table t add constraint positive check (c > 0)',
  'alter table t rename to u',
  'create view v as select c from t',
  'create table v (id integer)',
  'alter table t alter c drop default',
]

const statement = fc.constantFrom(...STATEMENTS)

/** Everything that the statements can change, read without the tool under test. */
const FINGERPRINT = `
  select array_agg(line order by line)::text as schema from (
    select format('%s.%s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), pg_get_expr(adbin, adrelid))
      from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v'))
        and attnum > 0 and not attisdropped
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select format('%s %s', relname, pg_get_viewdef(oid)) from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'v'
    union all select pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace
  ) as found (line)`

test('two branches are said to commute exactly when both orders, run by hand, end in the same schema', t =>
  withDatabase(t, ({ sql }) =>
    fc.assert(
      fc.asyncProperty(statement, statement, async (a, b) => {
        const there = await schemaAfter(sql, [ROOT, a, b])
        const commute = there !== undefined && there === (await schemaAfter(sql, [ROOT, b, a]))
        t.is(await saidToCommute(a, b), commute, `${a}; ${b}`)
      }),
      { numRuns: 8 },
    ),
  ))

async function saidToCommute(a: string, b: string): Promise<boolean> {
  const graph = `root <- a
                 root <- b`
  return withScratchProject(graph, { root: ROOT, a, b }, async ({ settings }) => {
    const verdicts = await proveConvergence(settings, readHistory(settings), ids('a', 'b'), {})
    return verdicts.every(({ conflicts }) => conflicts.length === 0)
  })
}

/** The schema that the statements end in, which are undone again; undefined when one of them fails. */
async function schemaAfter(
  sql: TestDatabase['sql'],
  statements: readonly string[],
): Promise<string | undefined> {
  const session = await sql.reserve()
  try {
    await session.unsafe('begin')
    for (const text of statements) await session.unsafe(text)
    const [row] = await session.unsafe(FINGERPRINT)
    return String(row?.['schema'])
  } catch {
    return undefined
  } finally {
    await session.unsafe('rollback')
    session.release()
  }
}
