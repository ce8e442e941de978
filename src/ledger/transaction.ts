/** Limits that hold while a script runs; as PostgreSQL writes them (`5s`), `0` for none. */
export interface ScriptLimits {
  readonly lockTimeout: string
  readonly statementTimeout: string
}

/**
 * The texts that open the transaction of the next script. They are sent behind the commit before, so that it
 * costs no round trip, and their answers are awaited before the script is sent: a script whose BEGIN had failed
 * would commit statement by statement.
 */
export function opening(limits: ScriptLimits): string[] {
  return ['discard temp', `begin; ${setLimits(limits, 'set local')}`]
}

/** What makes the open transaction that of the next script; no commit lies in between. */
export function continuing(limits: ScriptLimits): string {
  return [RESET, 'discard temp', setLimits(limits, 'set local')].join('; ')
}

/** Puts back whatever a script may have set, so that it reaches neither the bookkeeping nor the next script. */
export const RESET = [
  'reset session authorization',
  'reset role',
  'reset all',
  'deallocate all',
  'close all',
  'unlisten *',
  'discard sequences',
].join('; ')

/** Bookkeeping inside the transaction of a script that has run. */
export function afterScript(bookkeeping: readonly string[]): string {
  return [RESET, 'set local search_path = pg_catalog, pg_temp', ...bookkeeping].join(';\n')
}

/** Bookkeeping in a transaction of its own, between statements whose settings must go on as they are. */
export function betweenStatements(bookkeeping: readonly string[]): string {
  return ['begin read write', withinStatement(bookkeeping), 'commit'].join(';\n')
}

/** Bookkeeping in the transaction of a statement whose settings must go on as they are. */
export function withinStatement(bookkeeping: readonly string[]): string {
  return [
    'set local session authorization default',
    'set local role to default',
    'set local search_path = pg_catalog, pg_temp',
    'set local statement_timeout = 0',
    ...bookkeeping,
  ].join(';\n')
}

/** `set` is `set local` inside a transaction, `set` for a whole session. */
export function setLimits(limits: ScriptLimits, set: 'set' | 'set local'): string {
  const { lockTimeout, statementTimeout } = limits
  return `${set} lock_timeout = '${lockTimeout}'; ${set} statement_timeout = '${statementTimeout}'`
}
