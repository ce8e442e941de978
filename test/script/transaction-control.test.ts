import test from 'ava'
import { splitStatements } from '../../src/script/statements.ts'
import {
  mayCommitWithin,
  needsNoTransaction,
  type TransactionControl,
  transactionControl,
} from '../../src/script/transaction-control.ts'
import { transactionKinds } from './real-parser.ts'

const KINDS: Readonly<Record<TransactionControl, string>> = {
  BEGIN: 'TRANS_STMT_BEGIN',
  'START TRANSACTION': 'TRANS_STMT_START',
  COMMIT: 'TRANS_STMT_COMMIT',
  END: 'TRANS_STMT_COMMIT',
  ROLLBACK: 'TRANS_STMT_ROLLBACK',
  ABORT: 'TRANS_STMT_ROLLBACK',
  'PREPARE TRANSACTION': 'TRANS_STMT_PREPARE',
  'COMMIT PREPARED': 'TRANS_STMT_COMMIT_PREPARED',
  'ROLLBACK PREPARED': 'TRANS_STMT_ROLLBACK_PREPARED',
}

const WITHIN = ['TRANS_STMT_SAVEPOINT', 'TRANS_STMT_RELEASE', 'TRANS_STMT_ROLLBACK_TO', undefined]

const controls = test.macro<[script: string, expected: TransactionControl | undefined]>(
  (t, script, expected) => {
    t.deepEqual(splitStatements(script).map(transactionControl), [expected])
    const [kind] = transactionKinds(script)
    if (expected) t.is(kind, KINDS[expected])
    else t.true(WITHIN.includes(kind))
  },
)

const CASES: readonly (readonly [script: string, expected: TransactionControl | undefined])[] = [
  ['begin', 'BEGIN'],
  ['BEGIN WORK', 'BEGIN'],
  ['begin transaction isolation level serializable, read only', 'BEGIN'],
  ['/* a /* b */ */ -- commit\n Begin;', 'BEGIN'],
  ['start transaction', 'START TRANSACTION'],
  ['start/**/transaction read write', 'START TRANSACTION'],
  ['commit', 'COMMIT'],
  ['commit and chain', 'COMMIT'],
  ['commit work', 'COMMIT'],
  ['end', 'END'],
  ['end transaction', 'END'],
  ['rollback', 'ROLLBACK'],
  ['rollback work', 'ROLLBACK'],
  ['rollback transaction and no chain', 'ROLLBACK'],
  ['abort', 'ABORT'],
  ['abort and chain', 'ABORT'],
  ["prepare transaction 'a'", 'PREPARE TRANSACTION'],
  ["commit prepared 'a'", 'COMMIT PREPARED'],
  ["rollback prepared 'a'", 'ROLLBACK PREPARED'],
  ['savepoint a', undefined],
  ['release a', undefined],
  ['release savepoint a', undefined],
  ['rollback to a', undefined],
  ['rollback to savepoint a', undefined],
  ['rollback work to a', undefined],
  ['rollback transaction to savepoint a', undefined],
  ['prepare transaction as select 1', undefined],
  ['prepare transaction (int) as select 1', undefined],
  ['prepare a as select 1', undefined],
  ['set transaction read only', undefined],
  ['select 1 as commit', undefined],
  ['do $$ begin commit; end $$', undefined],
  ['create function f() returns int begin atomic select 1; end', undefined],
]

for (const [script, expected] of CASES) {
  test(`${JSON.stringify(script)} is ${expected ?? 'no transaction control'}`, controls, script, expected)
}

const OF_THEMSELVES: readonly (readonly [script: string, expected: boolean])[] = [
  ['call fill()', true],
  ['do $$ begin commit; end $$', true],
  ["do language plpgsql 'begin ROLLBACK; end'", true],
  ['do $$ begin call fill(); end $$', true],
  ["do $$ begin execute 'com' || 'mit'; end $$", true],
  ['do $$ begin perform 1; end $$', false],
  ['select fill()', false],
  ["insert into calls values ('commit')", false],
  ['create index concurrently on calls (id)', false],
]

for (const [script, expected] of OF_THEMSELVES) {
  test(`${JSON.stringify(script)} ${expected ? 'may commit' : 'commits nothing'} of itself`, t => {
    const [statement] = splitStatements(script)
    t.is(statement && mayCommitWithin(statement), expected)
  })
}

const REFUSED = [
  'create index concurrently on calls (id)',
  'create unique index concurrently if not exists i on calls (id)',
  'drop index concurrently i',
  'DROP INDEX /* soon */ CONCURRENTLY IF EXISTS i, j',
  'reindex (verbose) table concurrently calls',
  'vacuum (analyze) calls',
]
const TRIED = [
  'create index on calls (id)',
  'create unique index concurrently_made on calls (id)',
  'drop index i',
  'drop table concurrently',
  'reindex table calls',
  'analyze calls',
  'refresh materialized view concurrently calls',
]

for (const script of REFUSED)
  test(`"${script}" is known to run in no transaction`, t => {
    t.deepEqual(splitStatements(script).map(needsNoTransaction), [true])
  })
for (const script of TRIED)
  test(`"${script}" is tried in a transaction`, t => {
    t.deepEqual(splitStatements(script).map(needsNoTransaction), [false])
  })
