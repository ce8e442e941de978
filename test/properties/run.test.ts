import test from 'ava'
import fc from 'fast-check'
import { downgrade } from '../../src/actions/downgrade.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import type { GraphRevision } from '../../src/graph/revision-graph.ts'
import { type TestDatabase, withDatabase } from '../support/database.ts'
import { randomHistoryOf } from '../support/random-graph.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }

/** A table that inherits from those of all that the revision stands on: neither made nor dropped out of turn. */
function scripts({ id, parents, depends }: GraphRevision) {
  const below = [...new Set([...parents, ...depends])].map(name => `"${name}"`).join(', ')
  return {
    up: `create table "${id}" ()${below && ` inherits (${below})`};`,
    down: `drop table "${id}";`,
    parents,
    header: depends.length > 0 ? `depends: ${depends.join(', ')}` : '',
  }
}

/** What is applied and what the catalog holds; the order is left to the runs. */
async function contents(sql: TestDatabase['sql']) {
  const tables = await sql`
    select tablename, array(
      select inhparent::regclass::text from pg_inherits
      where inhrelid = format('public.%I', tablename)::regclass order by inhseqno) as parents
    from pg_tables where schemaname = 'public' order by tablename`
  const ledger = await sql`
    select revision, parents, depends, labels, message, checksum, up_script, down_script, state
    from sqlbraid.revision order by revision`
  return { tables: tables.map(row => ({ ...row })), ledger: ledger.map(row => ({ ...row })) }
}

const journey = fc.record({
  history: randomHistoryOf(12),
  at: fc.nat(),
  transaction: fc.constantFrom('each' as const, 'all' as const),
})

test('any graph goes up to its heads, down to any revision and up again to the same, and down to nothing', t =>
  withDatabase(t, ({ url, sql }) =>
    fc.assert(
      fc.asyncProperty(journey, async ({ history: { revisions }, at, transaction }) => {
        const project = writeProject(t, url, Object.fromEntries(revisions.map(r => [r.id, scripts(r)])), {
          transaction,
        })
        const { steps } = await upgrade(project.settings, heads)
        const there = await contents(sql)
        t.is(there.tables.length, revisions.length)
        t.is(there.ledger.length, revisions.length)
        t.is(steps.length, revisions.length)

        const target = revisions[at % revisions.length]?.id ?? 'base'
        const down = await downgrade(project.settings, { targets: [target] })
        const up = await upgrade(project.settings, heads)
        t.deepEqual(
          up.steps.map(({ revision }) => revision).sort(),
          down.steps.map(({ revision }) => revision).sort(),
        )
        t.deepEqual(await contents(sql), there)

        await downgrade(project.settings, { targets: ['base'] })
        t.deepEqual(await contents(sql), { tables: [], ledger: [] })
      }),
      { numRuns: 8 },
    ),
  ))
