import { quoteLiteral } from '../script/literal.ts'

/**
 * SQL for the key (a bigint) of the advisory lock over one ledger: the first 64 bits of the SHA-256 of
 * `sqlbraid/<database>/<ledger schema>`. In SQL, so that a script run by psql takes the very same lock.
 */
export function lockKey(schema: string): string {
  return `(select ('x' || left(encode(sha256(convert_to('sqlbraid/' || current_database() || '/' || ${quoteLiteral(schema)}, 'UTF8')), 'hex'), 16))::bit(64)::bigint)`
}

/**
 * SQL for the keys (two integers) of the lock by which a session knows whether it still holds what it has locked: what
 * frees all its locks, `pg_advisory_unlock_all()` or DISCARD ALL, frees this one, too. No other session ever takes it,
 * so that it can be freed and taken again at any time; looking through `pg_locks` costs a hundred times as much.
 */
export const WITNESS_KEYS = `${0x73716c62}, pg_catalog.pg_backend_pid()` // 'sqlb'
