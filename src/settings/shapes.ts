import { resolve } from 'node:path'
import { closest } from 'fastest-levenshtein'
import * as v from 'valibot'
import { type Environment, expandVariables } from './variables.ts'

/** What a value is read against: the folder its paths start from, and the variables it may name. */
export interface Place {
  readonly folder: string
  readonly env: Environment
}

/** How one setting is checked and read; messages complete the sentence `"key" …`. */
export type Shape = (place: Place) => v.GenericSchema<unknown, unknown>

const TEXT = v.string('must be text in quotes.')
const TEXT_OR_NUMBER = v.union([v.string(), v.number()], 'must be text in quotes or a number.')

/** Text that is not empty. */
export const text = expanded(TEXT, 'must not be empty.', value => (value === '' ? undefined : value))

/** A path, relative to the file that holds it. */
export const path = (place: Place) =>
  v.pipe(
    text(place),
    v.transform(value => resolve(place.folder, value)),
  )

/** One path or several. */
export const paths = (place: Place) =>
  v.union(
    [
      v.pipe(
        path(place),
        v.transform(value => [value]),
      ),
      v.pipe(v.array(path(place)), v.minLength(1, 'must not be empty.')),
    ],
    'must be a path or a list of paths.',
  )

/** A length of time, read as milliseconds. */
export const duration = expanded(
  TEXT_OR_NUMBER,
  'must be a duration such as "500ms", "5s" or "2min" (a number means seconds).',
  milliseconds,
)

/** A whole number from 1. */
export const count = expanded(TEXT_OR_NUMBER, 'must be a whole number from 1.', value =>
  /^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined,
)

/** One of a few words. */
export function choice<const Word extends string>(...words: readonly Word[]) {
  return expanded(TEXT, `must be ${words.map(word => `"${word}"`).join(' or ')}.`, value =>
    words.find(word => word === value),
  )
}

/** Text whose variables may lack until it is used: a password must not be needed to list heads. */
export const textOnUse = ({ env }: Place) =>
  v.pipe(
    TEXT,
    v.transform(template => expandVariables(template, env)),
  )

/** What psql takes for the name of a variable. */
export const SCRIPT_VARIABLE = /^[\w\u0080-\uffff]+$/

/** A table of such texts under names of variables; numbers and booleans are taken as they are written. */
export const textsOnUse = (place: Place) =>
  v.record(
    v.pipe(
      v.string(),
      v.regex(SCRIPT_VARIABLE, 'must have a name of letters, digits and _, as psql has it.'),
    ),
    v.pipe(
      v.union([v.string(), v.number(), v.boolean()], 'must be text, a number or a boolean.'),
      v.transform(String),
      textOnUse(place),
    ),
    'must be a table.',
  )

/** A shell command; its `${NAME}` are the shell's to expand. */
export const command = () => v.pipe(TEXT, v.nonEmpty('must not be empty.'))

/** A table with known keys, each of them optional. */
export function table<const Entries extends Record<string, Shape>>(entries: Entries) {
  const known = Object.keys(entries)
  return (place: Place) => {
    const optional = Object.fromEntries(
      Object.entries(entries).map(([key, shape]) => [key, v.optional(shape(place))]),
    ) as { [Key in keyof Entries]: v.OptionalSchema<ReturnType<Entries[Key]>, undefined> }
    return v.strictObject(optional, issue =>
      isUnknownKey(issue)
        ? `is not a setting; did you mean "${closest(String(issue.input), known)}"?`
        : 'must be a table.',
    )
  }
}

/** Whether an issue is about a key that its table does not know. */
export function isUnknownKey(issue: v.BaseIssue<unknown>): boolean {
  return issue.type === 'strict_object' && issue.expected === 'never'
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

function milliseconds(value: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h)?$/.exec(value) ?? []
  const factor = UNITS[unit]
  return amount === undefined || factor === undefined ? undefined : Math.round(Number(amount) * factor)
}

function expanded<Written extends string | number, Read>(
  written: v.GenericSchema<Written>,
  complaint: string,
  read: (text: string) => Read | undefined,
) {
  return ({ env }: Place) =>
    v.pipe(
      written,
      v.rawTransform<Written, Read>(({ dataset, addIssue, NEVER }) => {
        const { text, unset } = expandVariables(String(dataset.value), env)
        const value = unset.length > 0 ? undefined : read(text)
        if (value !== undefined) return value
        addIssue({
          message: unset.length > 0 ? `needs the environment variable ${unset.join(', ')}.` : complaint,
        })
        return NEVER
      }),
    )
}
