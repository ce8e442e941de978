import { splitStatements } from '../script/statements.ts'
import { transactionControl } from '../script/transaction-control.ts'
import { applyEdits, removal } from './edits.ts'

/**
 * The scripts of single revisions, by their ids, in what `alembic upgrade --sql` or `alembic downgrade --sql` prints:
 * without Alembic's own table, and without the transaction around them all. One that commits in between keeps that.
 */
export function cutAlembicSql(
  printed: string,
  direction: 'upgrade' | 'downgrade',
): ReadonlyMap<string, string> {
  const heading = new RegExp(`^-- Running ${direction} (.*?) -> (.*)$`, 'm')
  const scripts = new Map<string, string>()
  const [, ...parts] = printed.split(heading)
  for (let at = 0; at < parts.length; at += 3) {
    const [from = '', to = '', text = ''] = parts.slice(at, at + 3)
    scripts.set((direction === 'upgrade' ? to : from).trim(), ownStatements(text))
  }
  return scripts
}

const BOOKKEEPING =
  /^(?:INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|DROP TABLE)\s+(?:[\w"]+\.)?"?alembic_version"?\b/i

function ownStatements(text: string): string {
  const statements = splitStatements(text)
  const own = statements.filter(statement => !BOOKKEEPING.test(statement.text))
  const last = own.findLastIndex(statement => transactionControl(statement) === undefined)
  const kept = new Set(own.slice(0, last + 1))
  const edits = statements
    .filter(statement => !kept.has(statement))
    .map(({ start, end }) => removal(text, start, text[end] === ';' ? end + 1 : end))
  return applyEdits(text, edits)
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
