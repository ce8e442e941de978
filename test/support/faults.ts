import type { ExecutionContext } from 'ava'
import type { TestDatabase } from './database.ts'
import type { WrittenRevision } from './written-project.ts'

/** How often a fault is caused: a few times with all the tests, many times with `npm run test:faults`. */
export function rounds({ few, many }: { readonly few: number; readonly many: number }): number {
  return isSearch() ? many : few
}

/**
 * Numbers from 0 to 1 that come again with the same SQLBRAID_SEED; the seed is printed. Without one, the few faults of
 * the whole suite are the same each time, and the many of `npm run test:faults` are others each time.
 */
export function seededRandom(t: ExecutionContext): () => number {
  const seed = isSearch() ? Math.floor(Math.random() * 2 ** 31) : 1
  let state = Number(process.env['SQLBRAID_SEED'] ?? seed)
  t.log(`SQLBRAID_SEED=${state}`)
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Whether `npm run test:faults` runs, which may take its time. */
export function isSearch(): boolean {
  return process.env['SQLBRAID_FAULTS'] === 'full'
}

/**
 * A line of revisions, each of which notes itself in a table without any key, so that what is applied twice shows.
 * Every third runs outside a transaction, and every fifth of all builds an index concurrently.
 */
export function notingHistory(count: number): Record<string, WrittenRevision> {
  const revisions: Record<string, WrittenRevision> = { r00: 'create table noted (what text not null);' }
  for (let index = 1; index < count; index++) revisions[revisionName(index)] = notingRevision(index)
  return revisions
}

/** What a database has to hold when `notingHistory(count)` is applied: all of it, once. */
export async function assertNotedOnce(
  t: ExecutionContext,
  sql: TestDatabase['sql'],
  count: number,
): Promise<void> {
  const indexes = Array.from({ length: count - 1 }, (_, index) => index + 1)
  const noted = await sql`select what from noted order by what collate "C"`
  t.deepEqual(
    noted.map(({ what }) => String(what)),
    indexes.flatMap(notesOf).sort(),
  )
  const ledger = await sql`select revision, state from sqlbraid.revision order by applied_order`
  t.deepEqual(
    ledger.map(({ revision, state }) => `${revision} ${state}`),
    [0, ...indexes].map(index => `${revisionName(index)} applied`),
  )
  const done =
    await sql`select revision from sqlbraid.event where outcome = 'done' order by revision collate "C"`
  t.deepEqual(
    done.map(({ revision }) => revision),
    [0, ...indexes].map(revisionName),
  )
  const invalid = await sql`select indexrelid::regclass::text as name from pg_index where not indisvalid`
  t.deepEqual(
    invalid.map(({ name }) => name),
    [],
  )
}

function revisionName(index: number): string {
  return `r${String(index).padStart(2, '0')}`
}

function notingRevision(index: number): WrittenRevision {
  const up = notesOf(index).map(note => `insert into noted values ('${note}');`)
  if (index % 5 === 0) up.splice(1, 0, `create index concurrently noted_${index} on noted (what);`)
  return { up: up.join('\n'), ...(isOutside(index) && { header: 'transaction: off' }) }
}

function notesOf(index: number): string[] {
  const name = revisionName(index)
  return isOutside(index) ? [`${name} one`, `${name} two`, `${name} three`] : [name]
}

function isOutside(index: number): boolean {
  return index % 3 === 0 || index % 5 === 0
}
