/**
 * Where quoted things end. Each function takes the offset after the opening and gives the offset after the
 * closing, or -1 when there is none. Searches are native ones: a string of megabytes costs one pass and no stack.
 */

/** `'…'` without escapes, with doubled quotes, and continued after a newline by another quote. */
export function afterPlainString(text: string, from: number): number {
  return afterString(text, from, /'/g)
}

/** `E'…'`: as a plain string, and a backslash takes the next character along. */
export function afterEscapedString(text: string, from: number): number {
  return afterString(text, from, /\\[\s\S]?|'/g)
}

/** `"…"` with doubled quotes. */
export function afterQuotedIdentifier(text: string, from: number): number {
  let quote = text.indexOf('"', from)
  while (quote !== -1 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2)
  return quote === -1 ? -1 : quote + 1
}

/** `$tag$…$tag$`, where `tag` is the opening with its dollars. */
export function afterDollarQuote(text: string, from: number, tag: string): number {
  const closing = text.indexOf(tag, from)
  return closing === -1 ? -1 : closing + tag.length
}

/** A block comment, in which others nest. */
export function afterBlockComment(text: string, from: number): number {
  const edge = /\/\*|\*\//g
  edge.lastIndex = from
  for (let depth = 1; depth > 0; ) {
    const found = edge.exec(text)
    if (found === null) return -1
    depth += found[0] === '/*' ? 1 : -1
  }
  return edge.lastIndex
}

function afterString(text: string, from: number, stop: RegExp): number {
  stop.lastIndex = from
  for (let found = stop.exec(text); found !== null; found = stop.exec(text)) {
    if (found[0] !== "'") continue
    const reopened = afterReopening(text, stop.lastIndex)
    if (reopened === -1) return stop.lastIndex
    stop.lastIndex = reopened
  }
  return -1
}

/** The offset inside the string again, when what follows a closing quote is `''` or a continuation. */
function afterReopening(text: string, from: number): number {
  if (text[from] === "'") return from + 1
  const next = afterBlanks(text, from)
  const continues = text[next] === "'" && /[\n\r]/.test(text.slice(from, next))
  return continues ? next + 1 : -1
}

function afterBlanks(text: string, from: number): number {
  const blank = /[ \t\n\r\f\v]+|--[^\n\r]*/y
  let end = from
  blank.lastIndex = from
  while (blank.test(text)) end = blank.lastIndex
  return end
}
