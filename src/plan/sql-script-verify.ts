import { quoteLiteral } from '../script/literal.ts'
import { dollarQuote } from '../script/psql-text.ts'
import type { Statement } from '../script/statements.ts'
import { doBlock } from './sql-script-guard.ts'

/** A query of a verify script, with its semicolon, as SQL that fails where the first cell of its answer is false. */
export function failingWhereFalse(statement: Statement, revision: string): string {
  return `${doBlock(`
declare
  answer record;
  cell json;
begin
  execute ${dollarQuote(statement.text)} into answer;
  select value into cell from json_each(row_to_json(answer)) limit 1;
  if cell::text = 'false' then
    raise exception using message = ${quoteLiteral(`sqlbraid: the verify script of revision ${revision} answered false`)};
  end if;
end`)};\n`
}

/** Whether a statement is a query; EXECUTE … INTO takes what gives rows, and nothing else. */
export function isQuery({ words: [first, ...others] }: Statement): boolean {
  if (first === 'SELECT') return !others.includes('INTO')
  if (first === 'WITH') return !others.some(word => ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(word))
  return first === undefined || first === 'VALUES' || first === 'TABLE'
}
