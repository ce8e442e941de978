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
  // What is no name may be a piece of a password with unescaped characters.
  const isName = /^[a-z_]{1,40}$/i.test(name)
  const which = isName ? ` "${name}" (did you mean "${closest(name, Object.keys(KEYWORDS))}"?)` : ''
  throw new InvalidConnectionError(source, `unknown connection option${which}`)
}

function readPairs(text: string, source: string): readonly (readonly [string, string])[] {
  if (/^postgres(ql)?:\/\//.test(text)) return parseConnectionUri(text, source)
  if (text === '' || text.includes('=')) return parseKeywordValues(text, source)
  throw new InvalidConnectionError(source, 'neither a postgres:// url nor "host=… dbname=…"')
}

// Name, `=`, then a quoted or a bare value; in both a backslash takes the next character as it is.
const PAIR = /\s*([^\s=]+)\s*=\s*(?!\s)(?:'((?:\\.|[^'\\])*)'|(?!')((?:\\.|[^\s\\])*)\\?)/gsy

function parseKeywordValues(text: string, source: string): readonly (readonly [string, string])[] {
  const matches = [...text.matchAll(PAIR)]
  const last = matches.at(-1)
  const end = last === undefined ? 0 : last.index + last[0].length
  if (text.slice(end).trim() !== '') throw malformed(text, end, source)
  return matches.map(([, keyword = '', quoted, bare = '']) => [
    keyword,
    (quoted ?? bare).replace(/\\(.)/gs, '$1'),
  ])
}

function malformed(text: string, end: number, source: string): InvalidConnectionError {
  const isUnterminated = /^\s*[^\s=]+\s*=\s*'/.test(text.slice(end))
  const problem = isUnterminated ? 'a quoted value is not terminated' : '"=" is missing after a keyword'
  return new InvalidConnectionError(source, `${problem} (character ${end + 1} of the connection string)`)
}
