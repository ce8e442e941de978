import test from 'ava'
import fc from 'fast-check'
import { sync } from '../../src/actions/sync.ts'
import { buildGraph } from '../../src/graph/revision-graph.ts'
import { planSync } from '../../src/plan/sync.ts'
import type { RevisionId } from '../../src/revision/revision.ts'
import { type TestDatabase, withDatabase } from '../support/database.ts'
import { type RandomHistory, randomHistoryOf } from '../support/random-graph.ts'
import { type WrittenRevision, writeProject } from '../support/written-project.ts'

const shared: Record<string, WrittenRevision> = {
  s1: {
    up: 'create table customers (id int primary key, name text);',
    down: 'drop table customers;',
  },
  s2: {
    up: 'alter table customers add column born date;',
    down: 'alter table customers drop column born;',
  },
}

/** Two git branches: both go on from the same trunk, and touch the same tables. */
const branches: readonly Readonly<Record<string, WrittenRevision>>[] = [
  {
    ...shared,
    x1: {
      up: `alter table customers add column email text not null default '', alter column name set not null;
        create index customers_email on customers (email);`,
      down: 'alter table customers drop column email, alter column name drop not null;',
    },
    x2: {
      up: "create view young as select id, email from customers where born > date '2000-01-01';",
      down: 'drop view young;',
    },
  },
  {
    ...shared,
    y1: {
      up: 'create table orders (id int primary key, customer int references customers);',
      down: 'drop table orders;',
    },
    y2: {
      up: 'create index concurrently orders_customer on orders (customer);',
      down: 'drop index orders_customer;',
      parents: ['y1'],
      header: 'transaction: off',
    },
    y3: { up: 'create sequence invoices;', down: 'drop sequence invoices;', parents: ['s2'] },
    y4: {
      up: 'alter table customers add column email varchar(80);',
      down: 'alter table customers drop column email;',
      parents: ['y2', 'y3'],
    },
  },
]

test('twenty times from one branch to the other and back: the catalog is always that of a fresh build', t =>
  withDatabase(t, async ({ url, sql }) => {
    const projects = branches.map(branch => writeProject(t, url, branch))
    const fresh = await Promise.all(
      branches.map(branch =>
        withDatabase(t, async other => {
          await sync(writeProject(t, other.url, branch).settings)
          return catalogOf(other.sql)
        }),
      ),
    )
    t.notDeepEqual(fresh[0], fresh[1])
    for (let turn = 0; turn < 20; turn++) {
      const project = projects[turn % 2]
      if (project) await sync(project.settings)
      t.deepEqual(await catalogOf(sql), fresh[turn % 2], `turn ${turn}`)
    }
  }))

const runs = { numRuns: 60 }

test('a sync ends with exactly what the history has, and never takes away what something stands on', t => {
  fc.assert(
    fc.property(
      randomHistoryOf(60),
      fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
      (history, isHere) => {
        const { graph, rows, asApplied, applied } = splitUp(history, isHere)
        const { steps, headsAfter } = planSync(graph, rows, applied)
        const now = new Set<RevisionId>(applied)
        for (const { direction, revision } of steps) {
          if (direction === 'down') {
            t.true(now.delete(revision))
            t.false(asApplied.dependents(revision).some(other => now.has(other)))
          } else {
            t.false(now.has(revision))
            t.true(graph.requirements(revision).every(other => now.has(other)))
            now.add(revision)
          }
        }
        t.deepEqual([...now].sort(), [...graph.ids].sort())
        t.true(headsAfter.every(id => graph.has(id)))
      },
    ),
    runs,
  )
})

test('a sync of what is in step has no steps', t => {
  fc.assert(
    fc.property(randomHistoryOf(60), ({ graph, revisions }) => {
      t.deepEqual(planSync(graph, revisions, new Set(graph.ids)).steps, [])
    }),
    runs,
  )
})

/** Half of a history is here, as far as its requirements are; the database has applied another part of it. */
function splitUp({ revisions, applied }: RandomHistory, isHere: readonly boolean[]) {
  const closed = (isMember: (id: RevisionId, index: number) => boolean) => {
    const members = new Set<string>()
    return revisions.filter(({ id, parents, depends }, index) => {
      const isIn = isMember(id, index) && [...parents, ...depends].every(name => members.has(name))
      if (isIn) members.add(id)
      return isIn
    })
  }
  const here = closed((_, index) => isHere[index] ?? true)
  const rows = closed(id => applied.has(id))
  return {
    graph: buildGraph(here),
    rows,
    asApplied: buildGraph(rows),
    applied: new Set(rows.map(({ id }) => id)),
  }
}

/** What a database holds, the ledger left out; numbers that only tell the past (such as those of columns) do not count. */
async function catalogOf(sql: TestDatabase['sql']): Promise<readonly object[]> {
  const rows = await sql`
    select c.relname, c.relkind, pg_get_viewdef(c.oid) as view, pg_get_indexdef(c.oid) as index,
      array(
        select format('%s %s %s %s', attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid))
        from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where attrelid = c.oid and attnum > 0 and not attisdropped and c.relkind in ('r', 'v') order by attnum) as columns,
      array(select pg_get_constraintdef(oid) from pg_constraint where conrelid = c.oid order by conname) as constraints
    from pg_class c
    where relnamespace = 'public'::regnamespace order by relname`
  return rows.map(row => ({ ...row }))
}
