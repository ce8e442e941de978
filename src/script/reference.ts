import { NulCharacterError } from '../errors/script-errors.ts'
import { quoteIdentifier, quoteLiteral } from './literal.ts'

/** Gives the value of a variable, undefined when it is not set; `isTest` where it is only asked whether it is. */
export type Lookup = (name: string, isTest: boolean) => string | undefined

/** How a script refers to a variable: `:name`, `:'name'`, `:"name"`, or `:{?name}`, which asks whether it is set. */
export interface Reference {
  readonly name: string
  readonly form: 'plain' | 'literal' | 'identifier' | 'test'
}

/** Reads a token of kind `variable`. */
export function readReference(text: string): Reference {
  if (text.startsWith(':{?')) return { name: text.slice(3, -1), form: 'test' }
  if (text.startsWith(":'")) return { name: text.slice(2, -1), form: 'literal' }
  if (text.startsWith(':"')) return { name: text.slice(2, -1), form: 'identifier' }
  return { name: text.slice(1), form: 'plain' }
}

/**
 * What psql writes in the place of a reference; undefined for a variable that is not set, whose reference stays.
 * Throws `NulCharacterError`.
 */
export function referenceText({ name, form }: Reference, lookUp: Lookup): string | undefined {
  const value = lookUp(name, form === 'test')
  if (form === 'test') return value === undefined ? 'FALSE' : 'TRUE'
  if (value === undefined) return undefined
  if (form === 'literal') return quoteLiteral(value)
  if (form === 'identifier') return quoteIdentifier(value)
  if (value.includes('\0')) throw new NulCharacterError()
  return value
}
