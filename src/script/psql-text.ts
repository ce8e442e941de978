import { dataAt, type GappedText } from './gaps.ts'
import { type LexerOptions, nextToken } from './lexer.ts'
import type { Statement } from './statements.ts'

/**
 * A statement, and the data behind its COPY, as text from which psql sends exactly that statement: what looks like
 * one of psql's variables is kept from being one. `script` is the text that the statement was cut from, `lexer` how
 * strings are read when it begins; a gap in the script is one in what is given.
 */
export function psqlStatement(script: GappedText, statement: Statement, lexer?: LexerOptions): GappedText {
  const text = withoutVariables(statement.text, statement.lexer ?? lexer)
  if (statement.copyData === undefined) return { text: `${text};\n` }
  const { start, end } = statement.copyData
  const data = dataAt(script, start)
  const gaps = data ? [{ semicolon: text.length, at: text.length + ';\n'.length, data }] : []
  return { text: `${text};\n${script.text.slice(start, end)}\\.\n`, gaps }
}

/** An argument of one of psql's backslash commands that means `text`, on one line. */
export function psqlArgument(text: string): string {
  return `'${text
    .replace(/[\r\n]+/g, ' ')
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "''")}'`
}

/** `body` as a dollar-quoted text, whatever it holds. */
export function dollarQuote(body: string): string {
  let tag = '$sqlbraid$'
  for (let count = 1; body.includes(tag.slice(0, -1)); count++) tag = `$sqlbraid${count}$`
  return `${tag}${body}${tag}`
}

/** In psql `\:` is a colon and never begins a variable. */
function withoutVariables(text: string, lexer?: LexerOptions): string {
  let escaped = ''
  for (let offset = 0; offset < text.length; ) {
    const { kind, start, end } = nextToken(text, offset, lexer)
    escaped += (kind === 'variable' ? '\\' : '') + text.slice(start, end)
    offset = end
  }
  return escaped
}
