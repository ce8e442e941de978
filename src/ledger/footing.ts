import { quoteIdentifier, quoteLiteral } from '../script/literal.ts'
import { WITNESS_KEYS } from './lock-key.ts'

/** What the transactions of a run stand on: what is theirs in the session, and what makes it their turn. */
export interface Footing {
  /** Whether settings and locks of the session last from one transaction to the next. */
  readonly keepsSession: boolean
  /** Between two transactions. */
  readonly between: readonly string[]
  /** Behind BEGIN; fails when it is not the run's turn. */
  readonly entry: readonly string[]
  /** Before anything is recorded; fails when it is not the run's turn any more. */
  readonly proof: readonly string[]
  /** In each transaction of a script whose statements commit one by one; fails when its revision is no more the run's. */
  readonly claim: readonly string[]
  /** Makes the run who it is within a transaction, whatever a script has made of it. */
  readonly identity: readonly string[]
  /** Puts back whatever a script may have set, so that it reaches neither the bookkeeping nor the next script. */
  readonly reset: readonly string[]
}

/** Of a session of our own, where nothing keeps others out. */
export const OWN_SESSION: Footing = {
  keepsSession: true,
  between: ['discard temp'],
  entry: [],
  proof: [],
  claim: [],
  identity: ['set local session authorization default', 'set local role to default'],
  reset: [
    'reset session authorization',
    'reset role',
    'reset all',
    'deallocate all',
    'close all',
    'unlisten *',
    'discard sequences',
  ],
}

/**
 * Of a session that holds the advisory lock; a script may have freed it (`pg_advisory_unlock_all()`, DISCARD ALL).
 * `settings` is what comes behind SET to make the session's own settings again. The proof is part of every transaction,
 * so it fails by asking for a setting that nobody has made: a block of PL/pgSQL would cost as much as all the rest.
 */
export function lockedFooting(settings: readonly string[]): Footing {
  const proof = `select case when pg_catalog.pg_advisory_unlock(${WITNESS_KEYS})
    then pg_catalog.pg_try_advisory_lock(${WITNESS_KEYS})::text else pg_catalog.current_setting('${LOCK_FREED}') end`
  return {
    ...OWN_SESSION,
    proof: [proof],
    reset: [...OWN_SESSION.reset, ...settings.map(setting => `set ${setting}`)],
  }
}

/** What a message of the server says about the lock of the run; undefined when it is about something else. */
export function freedLock({ message }: { readonly message: string }): string | undefined {
  if (!message.includes(LOCK_FREED)) return undefined
  return 'the script has freed the lock of the run (by pg_advisory_unlock_all() or DISCARD ALL): another run could begin beside it'
}

const LOCK_FREED = 'sqlbraid.the_lock_was_freed'

/** Class SB: an SQLSTATE of our own. */
export const LEDGER_MOVED = 'SB002'

/** What a run behind a pooler has read, and on which every transaction of it relies. */
export interface SharedRun {
  readonly schema: string
  readonly role: string | undefined
  readonly runId: string
  /** The newest event that changed the applied set. */
  readonly lastEvent: number
  /** Revisions that are half-way, as they were when nobody was at them any more. */
  readonly leftBehind: readonly LeftBehind[]
}

/** How far a run came with a revision that it left half-way. */
export interface LeftBehind {
  readonly runId: string
  readonly statementsDone: number
}

/**
 * Of a session that others use between our transactions: each locks the ledger's one row, and goes on only where no
 * other run has changed the applied set, or is at a revision whose statements commit one by one. Such a revision is a
 * run's own as long as its row says so, which each of its transactions makes sure of under that row's lock: should the
 * run have been taken for dead, nothing that it still sends is done beside the run that took over.
 */
export function sharedFooting(run: SharedRun): Footing {
  const { schema, role, runId, lastEvent, leftBehind } = run
  const s = quoteIdentifier(schema)
  const isUnmoved = `not exists (select from ${s}.event
    where event > ${lastEvent} and run_id <> ${quoteLiteral(runId)} and outcome = 'done')
    and not exists (select from ${s}.revision where state = 'pending' and run_id <> ${quoteLiteral(runId)}${leftBehind.map(except).join('')})`
  const assume = role === undefined ? [] : [`set local role ${quoteIdentifier(role)}`]
  return {
    keepsSession: false,
    between: [],
    entry: [
      ...assume,
      `select from ${s}.version for update nowait`,
      ...(leftBehind.length > 0
        ? [`select from ${s}.revision where state = 'pending' for update nowait`]
        : []),
      failUnless(isUnmoved, LEDGER_MOVED, 'another run has changed the applied set'),
    ],
    proof: [],
    claim: [
      failUnless(
        `exists (select from ${s}.revision where state = 'pending' and run_id = ${quoteLiteral(runId)} for update)`,
        LEDGER_MOVED,
        'another run has taken over',
      ),
    ],
    identity: ['set local session authorization default', 'set local role to default', ...assume],
    reset: [
      'reset session authorization',
      'reset role',
      'reset all',
      'close all',
      'discard temp',
      'discard sequences',
      ...assume,
    ],
  }
}

function except({ runId, statementsDone }: LeftBehind): string {
  return ` and not (run_id = ${quoteLiteral(runId)} and statements_done = ${statementsDone})`
}

function failUnless(condition: string, sqlState: string, message: string): string {
  const body = `begin if not (${condition}) then
    raise exception using errcode = ${quoteLiteral(sqlState)}, message = ${quoteLiteral(message)}; end if; end`
  return `do ${quoteLiteral(body)}`
}
