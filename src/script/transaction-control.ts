import type { Statement } from './statements.ts'

/** A command that starts or ends a transaction; not SAVEPOINT, RELEASE and ROLLBACK TO, which stay within one. */
export type TransactionControl =
  | 'BEGIN'
  | 'START TRANSACTION'
  | 'COMMIT'
  | 'END'
  | 'ROLLBACK'
  | 'ABORT'
  | 'PREPARE TRANSACTION'
  | 'COMMIT PREPARED'
  | 'ROLLBACK PREPARED'

/** What a statement does to the transaction around it, as PostgreSQL's grammar has it; undefined when nothing. */
export function transactionControl({ words }: Pick<Statement, 'words'>): TransactionControl | undefined {
  const [first, second, third] = words
  switch (first) {
    case 'BEGIN':
    case 'END':
    case 'ABORT':
      return first
    case 'START':
      return second === 'TRANSACTION' ? 'START TRANSACTION' : undefined
    case 'COMMIT':
      return second === 'PREPARED' ? 'COMMIT PREPARED' : 'COMMIT'
    case 'ROLLBACK':
      if (second === 'PREPARED') return 'ROLLBACK PREPARED'
      return rollsBackToSavepoint({ words }) ? undefined : 'ROLLBACK'
    case 'PREPARE':
      // A prepared statement may be called transaction: PREPARE transaction AS SELECT 1.
      return second === 'TRANSACTION' && third !== 'AS' ? 'PREPARE TRANSACTION' : undefined
    default:
      return undefined
  }
}

/**
 * Whether a statement is one that PostgreSQL always refuses within a transaction; of others only trying tells. By the calls
 * of PreventInTransactionBlock in PostgreSQL 18.
 */
export function needsNoTransaction({ words }: Pick<Statement, 'words'>): boolean {
  const [first, second, third] = words
  if (first === 'CREATE' && second === 'UNIQUE') return third === 'INDEX' && words[3] === 'CONCURRENTLY'
  if (first === 'CREATE' || first === 'DROP') return second === 'INDEX' && third === 'CONCURRENTLY'
  return first === 'VACUUM' || (first === 'REINDEX' && third === 'CONCURRENTLY')
}

/** Whether a statement that calls a procedure, or a block of code, may itself commit or roll back. */
export function mayCommitWithin({ words, text }: Pick<Statement, 'words' | 'text'>): boolean {
  if (words[0] === 'DO') return /\b(commit|rollback|call|execute)\b/i.test(text)
  return words[0] === 'CALL'
}

/** ROLLBACK TO a savepoint stays within the transaction. */
function rollsBackToSavepoint({ words }: Pick<Statement, 'words'>): boolean {
  const [first, second, third] = words
  const next = second === 'WORK' || second === 'TRANSACTION' ? third : second
  return first === 'ROLLBACK' && next === 'TO'
}
