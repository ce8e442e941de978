/** How two schemas are told apart in a sentence: `['before', 'after']`. */
export type Sides = readonly [string, string]

/**
 * How two values of one property of an object differ, in one line: `type integer before, bigint after`. What holds
 * for one side only is said so, and of a text of several lines the first line that is not the same is shown.
 */
export function describeValues(property: string, from: unknown, to: unknown, [first, second]: Sides): string {
  const name = WORDS[property] ?? property.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
  if (isSwitch(from, to)) return `${name} only ${to === true ? second : first}`
  const [before, after] = [shown(from), shown(to)]
  if (withoutSpace(before) === withoutSpace(after)) return `${name} differs in white space only`
  const line = before.includes('\n') || after.includes('\n') ? firstOtherLine(before, after) : undefined
  if (line === undefined) return `${name} ${before} ${first}, ${after} ${second}`
  return `${name} differs, first in line ${line.number}: ${line.before} ${first}, ${line.after} ${second}`
}

const WORDS: Readonly<Record<string, string>> = { def: 'definition', expr: 'expression', notNull: 'NOT NULL' }

/** Whether a property is there or not, and has no other values. */
function isSwitch(from: unknown, to: unknown): boolean {
  return typeof from === 'boolean' && typeof to === 'boolean'
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value
  return value === null ? 'none' : (JSON.stringify(value) ?? 'none')
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '')
}

function firstOtherLine(before: string, after: string) {
  const lines = [before, after].map(text => text.split('\n').map(line => line.trim()))
  const [old = [], now = []] = lines
  const at = old.findIndex((line, index) => line !== now[index])
  const index = at < 0 ? old.length : at
  return { number: index + 1, before: old[index] || 'nothing', after: now[index] || 'nothing' }
}
