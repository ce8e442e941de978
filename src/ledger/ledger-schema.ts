import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'

/** Version of the ledger's tables that this program writes; an older ledger is upgraded in place. */
export const LEDGER_VERSION = 1

/** The tables of a ledger of that version. */
export const LEDGER_TABLES = ['version', 'revision', 'event'] as const

/**
 * The statements that bring a ledger from `version` (0: none exists) to `LEDGER_VERSION`, to be run in one
 * transaction under the lock.
 */
export function ledgerUpgrade(schema: string, version: number): string {
  const s = quoteIdentifier(schema)
  const upgrades = VERSIONS.slice(version).map(statements => statements(s))
  return [...(version === 0 ? [createSchema(s)] : []), ...upgrades].join('\n')
}

/** CREATE SCHEMA IF NOT EXISTS asks for the right to create schemas even where the schema exists. */
function createSchema(s: string): string {
  const body = `begin if to_regnamespace(${quoteLiteral(s)}) is null then create schema ${s}; end if; end`
  return `do ${quoteLiteral(body)};`
}

/** Each entry makes the next version out of the one before; `s` is the quoted schema. Entries never change once released. */
const VERSIONS: readonly ((s: string) => string)[] = [
  s => `
create table ${s}.version (
  only_row boolean primary key default true check (only_row),
  version integer not null
);
insert into ${s}.version (version) values (1);

create table ${s}.revision (
  revision text primary key,
  parents text[] not null,
  depends text[] not null,
  labels text[] not null,
  message text not null,
  created text not null,
  checksum text not null,
  up_script text not null,
  down_script text,
  state text not null check (state in ('applied', 'pending')),
  pending_direction text check (pending_direction in ('up', 'down')),
  statements_done integer not null default 0,
  applied_order bigint generated always as identity,
  applied_at timestamptz not null default clock_timestamp(),
  applied_by text not null default session_user,
  duration_ms bigint not null,
  run_id uuid not null,
  tool_version text not null,
  check ((state = 'pending') = (pending_direction is not null))
);
comment on table ${s}.revision is 'The applied set of this database, kept by sqlbraid: one row for each applied revision.';

create table ${s}.event (
  event bigint generated always as identity primary key,
  run_id uuid not null,
  action text not null,
  revision text,
  outcome text not null check (outcome in ('done', 'failed')),
  error jsonb,
  happened_at timestamptz not null default clock_timestamp(),
  duration_ms bigint not null,
  database_user text not null default session_user,
  os_user text,
  host text,
  git_commit text,
  tool_version text not null
);
create index event_run_id on ${s}.event (run_id);
comment on table ${s}.event is 'What sqlbraid did to this database, failures included. Rows are only ever added.';
`,
]
