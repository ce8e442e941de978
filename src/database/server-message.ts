import {
  ConnectionFailedError,
  ConnectionRefusedByServerError,
  type ServerMessage,
  SessionLostError,
  StatementError,
} from '../errors/database-errors.ts'
import { SqlbraidError } from '../errors/sqlbraid-error.ts'

/** An error or a notice, by the names that the driver has for its fields. */
export function serverMessage(fields: object): ServerMessage {
  const given = fields as Readonly<Record<string, string | undefined>>
  const optional = {
    detail: given['detail'],
    hint: given['hint'],
    where: given['where'],
    schema: given['schema_name'],
    table: given['table_name'],
    column: given['column_name'],
    constraint: given['constraint_name'],
  }
  return {
    severity: given['severity'] ?? 'ERROR',
    sqlState: given['code'] ?? 'XX000',
    message: given['message'] ?? '',
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<ServerMessage>),
    ...(given['position'] === undefined ? {} : { position: Number(given['position']) }),
  }
}

/** What the failure of a text means: the server's word on it, or that the session is gone. */
export function statementFailure(reason: unknown, textIndex: number): Error {
  if (isServerError(reason)) return new StatementError(serverMessage(reason), textIndex, { cause: reason })
  if (reason instanceof SqlbraidError) return reason
  return new SessionLostError({ cause: reason })
}

/** What the failure of a login means. */
export function connectFailure(description: string, reason: unknown): Error {
  if (isServerError(reason))
    return new ConnectionRefusedByServerError(description, serverMessage(reason), { cause: reason })
  if (reason instanceof SqlbraidError) return reason
  const message = reason instanceof Error ? reason.message : String(reason)
  return new ConnectionFailedError(description, message, { cause: reason })
}

function isServerError(reason: unknown): reason is Error {
  return reason instanceof Error && reason.name === 'PostgresError'
}
