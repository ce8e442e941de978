/** What the server said, as psql prints it with VERBOSITY=verbose and ECHO=errors. */
export interface PsqlMessage {
  readonly file: string
  /** Where psql had read the statement to its end. */
  readonly line: number
  /** Severity, SQLSTATE and all that follows; without the places, here and in PostgreSQL's own source. */
  readonly text: string
  /** The line of the statement that psql shows, and the column of the caret below it, 1-based. */
  readonly mark?: { readonly line: number; readonly text: string; readonly column: number }
  /** The statement, where it failed. */
  readonly statement?: string
}

/** Reads what psql wrote to stderr, warnings of its own aside. Throws for anything else but messages of the server. */
export function parsePsqlMessages(stderr: string): PsqlMessage[] {
  const messages: PsqlMessage[] = []
  for (const [file = '', line = '', body = ''] of cutAtPrefixes(stderr)) {
    const last = messages.at(-1)
    const [, statement] = /^STATEMENT: {2}([\s\S]*)$/.exec(body) ?? []
    if (body.startsWith('warning: ')) continue
    if (statement === undefined) messages.push(parseMessage(file, Number(line), body))
    else if (last) messages[messages.length - 1] = { ...last, statement }
  }
  return messages
}

const PREFIX = /^psql:(.+?):(\d+): /m

function cutAtPrefixes(stderr: string): string[][] {
  const [before = '', ...parts] = stderr.trimEnd().split(PREFIX)
  if (before.trim() !== '') throw new Error(`psql says: ${before}`)
  return Array.from({ length: parts.length / 3 }, (_, index) =>
    parts.slice(3 * index, 3 * index + 3).map(part => part.trimEnd()),
  )
}

function parseMessage(file: string, line: number, body: string): PsqlMessage {
  if (!/^[A-Z]+: {2}[0-9A-Z]{5}: /.test(body)) throw new Error(`psql says: ${file}:${line}: ${body}`)
  const [, markLine, marked = '', caret = ''] = MARK.exec(body) ?? []
  const text = body
    .replace(MARK, '')
    .replace(/\nQUERY: {2}[\s\S]*?(?=\nCONTEXT: {2})/, '')
    .replace(/\nLOCATION: {2}.*$/, '')
  if (markLine === undefined) return { file, line, text }
  const column = caret.length - `LINE ${markLine}: `.length + 1
  return { file, line, text, mark: { line: Number(markLine), text: marked, column } }
}

const MARK = /\nLINE (\d+): (.*)\n( *)\^/
