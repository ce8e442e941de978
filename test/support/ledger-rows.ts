import type { TestDatabase } from './database.ts'

/** `a b c`: the revisions a database has, in the order they were applied. */
export async function appliedIn(sql: TestDatabase['sql']): Promise<string> {
  const rows =
    await sql`select revision from sqlbraid.revision where state = 'applied' order by applied_order`
  return rows.map(({ revision }) => String(revision)).join(' ')
}

/** `upgrade a done`, `upgrade b failed`: the event log. */
export async function eventsIn(sql: TestDatabase['sql']): Promise<string[]> {
  const rows = await sql`select action, revision, outcome from sqlbraid.event order by event`
  return rows.map(({ action, revision, outcome }) => `${action} ${revision} ${outcome}`)
}

/** `t1 t2`: the tables of the schema public, by name. */
export async function tablesIn(sql: TestDatabase['sql']): Promise<string> {
  const rows = await sql`select tablename from pg_tables where schemaname = 'public' order by 1`
  return rows.map(({ tablename }) => String(tablename)).join(' ')
}
