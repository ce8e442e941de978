import type { Token } from '../script/lexer.ts'
import type { Edit } from './edits.ts'

/** What becomes of a `${name}` that the other tool would replace. */
export type Placeholder = { readonly edit: Edit } | { readonly untranslatable: number }

/**
 * The first placeholder that starts in a token, as a variable of psql: `${name}` becomes `:name`, a string or an
 * identifier of nothing else `:'name'` or `:"name"`. In any other string, or as a part of a word, it has no counterpart.
 */
export function readPlaceholder(text: string, { kind, start, end }: Token): Placeholder | undefined {
  const at = startOf(text, start, end)
  if (at === undefined || kind === 'comment') return undefined
  PLACEHOLDER.lastIndex = at
  const found = PLACEHOLDER.exec(text)
  const name = found?.[1]
  if (!found || name === undefined) return { untranslatable: at }
  const after = at + found[0].length
  const quote = kind === 'string' ? "'" : kind === 'identifier' ? '"' : ''
  if (quote && text.slice(start, end) === `${quote}${found[0]}${quote}`)
    return { edit: { start, end, text: `:${quote}${name}${quote}` } }
  const isAlone = kind === 'symbol' && !/[\w$:]/.test(text[at - 1] ?? '') && !/[\w$]/.test(text[after] ?? '')
  return isAlone ? { edit: { start: at, end: after, text: `:${name}` } } : { untranslatable: at }
}

const PLACEHOLDER = /\$\{(\w+)\}/y

/** Where `${` or, outside quotes, `$name` starts in a token. */
function startOf(text: string, start: number, end: number): number | undefined {
  const braced = text.slice(start, end + 1).indexOf('${')
  if (braced !== -1 && start + braced < end) return start + braced
  return text[start] === '$' && end === start + 1 && /[A-Za-z_]/.test(text[end] ?? '') ? start : undefined
}
