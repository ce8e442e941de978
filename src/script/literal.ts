import { NulCharacterError } from '../errors/script-errors.ts'

/**
 * A string literal that means `value` whatever standard_conforming_strings says: with a backslash in it, it is an
 * ` E'…'` with a space before, so that the E never joins a word (as libpq's PQescapeLiteral does).
 * Throws `NulCharacterError`.
 */
export function quoteLiteral(value: string): string {
  refuseNul(value)
  const quoted = `'${value.replaceAll("'", "''")}'`
  return value.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/**
 * A quoted identifier, always in quotes (as libpq's PQescapeIdentifier does).
 * Throws `NulCharacterError`.
 */
export function quoteIdentifier(name: string): string {
  refuseNul(name)
  return `"${name.replaceAll('"', '""')}"`
}

function refuseNul(text: string): void {
  if (text.includes('\0')) throw new NulCharacterError()
}
