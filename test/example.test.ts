import { fileURLToPath } from 'node:url'
import test from 'ava'
import type postgres from 'postgres'
import { downgrade } from '../src/actions/downgrade.ts'
import { upgrade } from '../src/actions/upgrade.ts'
import { readSettings } from '../src/settings/settings.ts'
import { withDatabase } from './support/database.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

function exampleOn(url: string) {
  const settings = readSettings({ url }, { cwd: ROOT, env: {} })
  return {
    upgrade: (target: string) => upgrade(settings, { targets: [target] }, {}),
    downgrade: (target: string) => downgrade(settings, { targets: [target] }, {}),
  }
}

/** What a user has made in a database: everything in a schema but the server's own and the ledger. */
async function namesInCatalog(sql: postgres.Sql): Promise<readonly string[]> {
  const rows = await sql`
    select name from (
      select relnamespace as schema, relname as name from pg_class
      union all select typnamespace, typname from pg_type
      union all select pronamespace, proname from pg_proc
    ) made join pg_namespace on pg_namespace.oid = made.schema
    where nspname !~ '^pg_' and nspname not in ('information_schema', 'sqlbraid')
    order by name`
  return rows.map(({ name }) => String(name))
}

test('the example history goes up, down to nothing, and up to the same again', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const example = exampleOn(url)
    const first = await example.upgrade('heads')
    t.is(first.steps.length, 10)
    const made = await namesInCatalog(sql)
    t.true(made.includes('monthly_revenue') && made.includes('orders_customer_id_idx'))

    await example.downgrade('base')
    t.deepEqual(await namesInCatalog(sql), [])

    t.deepEqual((await example.upgrade('heads')).heads, first.heads)
    t.deepEqual(await namesInCatalog(sql), made)
  })
})

test('its data migration computes the totals of invoices that were there before', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const example = exampleOn(url)
    await example.upgrade('billing')
    await sql`insert into customers (email, name) values ('ada@example.com', 'Ada')`
    await sql`insert into products (sku, name, price) values ('T1', 'tea', 4.5), ('C1', 'cup', 12)`
    await sql`insert into orders (customer_id, status) values (1, 'paid')`
    await sql`insert into order_lines values (1, 1, 2, 4.5), (1, 2, 1, 11)`
    await sql`insert into invoices (order_id) values (1)`

    await example.upgrade('heads')

    const [revenue] = await sql`select invoices::int, revenue from monthly_revenue`
    t.deepEqual({ ...revenue }, { invoices: 1, revenue: '20.00' })
    const stocked = await sql`select product_id::int as id, quantity from stock order by id`
    t.deepEqual(
      [...stocked],
      [
        { id: 1, quantity: 0 },
        { id: 2, quantity: 0 },
      ],
    )
  })
})
