import { closest } from 'fastest-levenshtein'
import { InvalidConnectionError } from '../../errors/connection-errors.ts'
import { parseConnectionUri } from './connection-uri.ts'
import { isKeyword, KEYWORDS, type Keyword, type Parameters, type Sourced } from './keywords.ts'

/**
 * Reads a connection string in either of libpq's forms: `postgres://…` or `host=… dbname=…` (PostgreSQL documentation,
 * 34.1.1); the empty one says nothing. The last of several values for a keyword wins.
 *
 * Throws InvalidConnectionError, which names `source` and never quotes a value.
 */
export function parseConnectionString(text: string, source: string): Parameters {
  const parameters = new Map<Keyword, Sourced>()
  for (const [keyword, value] of readPairs(text, source)) {
    parameters.set(requireKeyword(keyword, source), { value, source })
  }
  return parameters
}

/** The keyword called `name`; throws InvalidConnectionError with the nearest one. */
export function requireKeyword(name: string, source: string): Keyword {
  if (isKeyword(name)) return name
  const nearest = closest(name, Object.keys(KEYWORDS))
  throw new InvalidConnectionError(source, `unknown connection option "${name}"; did you mean "${nearest}"?`)
}

function readPairs(text: string, source: string): Iterable<readonly [string, string]> {
  if (/^postgres(ql)?:\/\//.test(text)) return parseConnectionUri(text, source)
  if (text === '' || text.includes('=')) return parseKeywordValues(text, source)
  throw new InvalidConnectionError(source, 'neither a postgres:// url nor "host=… dbname=…"')
}

// Name, `=`, then a quoted or a bare value; in both a backslash takes the next character as it is.
const PAIR = /\s*([^\s=]+)\s*=\s*(?:'((?:\\.|[^'\\])*)'|((?:\\.|[^\s\\'])(?:\\.|[^\s\\])*|))(?=\s|$|[^\s])/sy

function* parseKeywordValues(text: string, source: string): Generator<readonly [string, string]> {
  const rest = text.trimEnd()
  PAIR.lastIndex = 0
  while (PAIR.lastIndex < rest.length) {
    const at = PAIR.lastIndex
    const match = PAIR.exec(rest)
    if (match === null) throw malformed(rest.slice(at), source)
    const [, keyword = '', quoted, bare = ''] = match
    yield [keyword, (quoted ?? bare).replace(/\\(.?)/gs, '$1')]
  }
}

function malformed(rest: string, source: string): InvalidConnectionError {
  const [, keyword = '', sign] = /^\s*([^\s=]*)\s*(=?)/.exec(rest) ?? []
  const problem = sign ? `unterminated quoted value of "${keyword}"` : `"=" is missing after "${keyword}"`
  return new InvalidConnectionError(source, problem)
}
