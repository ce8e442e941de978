import { type Footing, OWN_SESSION } from './footing.ts'

/** Limits that hold while a script runs; as PostgreSQL writes them (`5s`), `0` for none. */
export interface ScriptLimits {
  readonly lockTimeout: string
  readonly statementTimeout: string
}

/** Opens the transaction of a script. */
export function opening(limits: ScriptLimits, { entry }: Footing = OWN_SESSION): string[] {
  return ['begin', ...entry, ...setLimits(limits, 'set local')]
}

/** What makes the open transaction that of the next script; no commit lies in between. */
export function continuing(limits: ScriptLimits, { between, reset }: Footing = OWN_SESSION): string[] {
  return [...reset, ...between, ...setLimits(limits, 'set local')]
}

/** Bookkeeping inside the transaction of a script that has run. */
export function afterScript(
  bookkeeping: readonly string[],
  { reset, proof }: Footing = OWN_SESSION,
): string[] {
  return [...reset, 'set local search_path = pg_catalog, pg_temp', ...proof, ...bookkeeping]
}

/** Bookkeeping in a transaction of its own, between statements whose settings must go on as they are. */
export function betweenStatements(bookkeeping: readonly string[], footing: Footing = OWN_SESSION): string[] {
  return ['begin read write', ...withinStatement(bookkeeping, footing), 'commit']
}

/** Bookkeeping in the transaction of a statement whose settings must go on as they are. */
export function withinStatement(
  bookkeeping: readonly string[],
  { identity, proof, claim }: Footing = OWN_SESSION,
): string[] {
  return [
    ...identity,
    'set local search_path = pg_catalog, pg_temp',
    'set local statement_timeout = 0',
    ...proof,
    ...claim,
    ...bookkeeping,
  ]
}

/** `set` is `set local` inside a transaction, `set` for a whole session. */
export function setLimits(limits: ScriptLimits, set: 'set' | 'set local'): string[] {
  const { lockTimeout, statementTimeout } = limits
  return [`${set} lock_timeout = '${lockTimeout}'`, `${set} statement_timeout = '${statementTimeout}'`]
}

/** What goes before a verify script: what it does is to be undone, and it starts from the session's own settings, as any script. */
export function beforeVerify(reset: readonly string[], limits: ScriptLimits): string[] {
  return ['savepoint sqlbraid_verify', ...reset, ...setLimits(limits, 'set local')]
}

/** What undoes a verify script. */
export const AFTER_VERIFY = 'rollback to savepoint sqlbraid_verify'
