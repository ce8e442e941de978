import { LEDGER_VERSION, ledgerUpgrade } from '../ledger/ledger-schema.ts'
import { lockKey } from '../ledger/lock-key.ts'
import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'
import { dollarQuote } from '../script/psql-text.ts'

/** A revision that the ledger must know when a script starts. */
export interface ExpectedRevision {
  readonly id: string
  /** Of one that stopped half-way. */
  readonly pending?: { readonly direction: 'up' | 'down'; readonly statementsDone: number }
}

/**
 * SQL that takes the lock over a ledger, or gives up after `waitMs`. The COMMIT in its loop ends the snapshot after
 * each try, so that a CREATE INDEX CONCURRENTLY of the holder never waits for the one who waits for the lock.
 */
export function takeLock(schema: string, waitMs: number): string {
  return doBlock(`
declare
  deadline timestamptz := clock_timestamp() + interval '${waitMs} milliseconds';
  is_waiting boolean := false;
begin
  while not pg_catalog.pg_try_advisory_lock(${lockKey(schema)}) loop
    if clock_timestamp() >= deadline then
      raise lock_not_available using message = 'sqlbraid: another run holds the lock of this database';
    end if;
    if not is_waiting then
      raise notice 'sqlbraid: waiting for another run to end';
    end if;
    is_waiting := true;
    commit;
    perform pg_catalog.pg_sleep(0.1 + 0.2 * random());
    commit;
  end loop;
end`)
}

/** SQL that gives the lock back. */
export function releaseLock(schema: string): string {
  return doBlock(`
begin
  perform pg_catalog.pg_advisory_unlock(${lockKey(schema)});
end`)
}

/**
 * SQL that fails, and changes nothing, unless the ledger holds exactly the expected revisions; a ledger that is
 * not there holds none, and is made.
 */
export function requireState(schema: string, expected: readonly ExpectedRevision[]): string {
  const quoted = quoteIdentifier(schema)
  return doBlock(`
declare
  expected text[] := array[${expected.map(describeRow).sort().map(quoteLiteral).join(', ')}]::text[];
  applied text[] := array[]::text[];
  ledger_version integer := 0;
begin
  if pg_catalog.to_regclass(${quoteLiteral(`${quoted}.version`)}) is not null then
    select version into ledger_version from ${quoted}.version;
    if ledger_version <> ${LEDGER_VERSION} then
      raise exception 'sqlbraid: the ledger has version %, and this script is for version ${LEDGER_VERSION}', ledger_version;
    end if;
    select coalesce(array_agg(entry order by entry collate "C"), applied) into applied from (
      select revision || coalesce(' (' || pending_direction || ', ' || statements_done || ' done)', '') as entry
      from ${quoted}.revision
    ) entries;
  end if;
  if applied <> expected then
    raise exception 'sqlbraid: the database is not in the state that this script starts from; nothing was changed'
      using detail = format('Not applied, and expected to be: %s. Applied, and not expected to be: %s.',
        coalesce((select string_agg(id, ', ') from unnest(expected) id where id <> all (applied)), 'none'),
        coalesce((select string_agg(id, ', ') from unnest(applied) id where id <> all (expected)), 'none'));
  end if;
  if ledger_version = 0 then
${ledgerUpgrade(schema, 0)}
  end if;
end`)
}

/** A DO block; its body names what it needs by schema or by PostgreSQL's own names. */
export function doBlock(body: string): string {
  return `do ${dollarQuote(`${body}\n`)}`
}

function describeRow({ id, pending }: ExpectedRevision): string {
  return pending === undefined ? id : `${id} (${pending.direction}, ${pending.statementsDone} done)`
}
