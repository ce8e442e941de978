import { quoteLiteral } from '../script/literal.ts'

/**
 * SQL for the key (a bigint) of the advisory lock over one ledger: the first 64 bits of the SHA-256 of
 * `sqlbraid/<database>/<ledger schema>`. In SQL, so that a script run by psql takes the very same lock.
 */
export function lockKey(schema: string): string {
  return `(select ('x' || left(encode(sha256(convert_to('sqlbraid/' || current_database() || '/' || ${quoteLiteral(schema)}, 'UTF8')), 'hex'), 16))::bit(64)::bigint)`
}
