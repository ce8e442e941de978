import { lineAndColumn, lineStart } from './position.ts'

const ELLIPSIS = '…'
const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u
const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u

export interface ExcerptOptions {
  /** How many characters of a long line are shown around the offset. */
  readonly width?: number
}

/**
 * The line of `text` that holds the UTF-16 offset `offset`, and under it a caret. Tabs are kept in both, so that
 * the caret stands right whatever their width; control characters, which could drive a terminal, are replaced.
 */
export function excerpt(text: string, offset: number, { width = 100 }: ExcerptOptions = {}): string {
  const { lineText } = lineAndColumn(text, offset)
  const caret = Math.min(offset - lineStart(text, offset), lineText.length)
  const start = startOfWindow(lineText, caret, width)
  const end = characterStart(lineText, start + width)
  const before = (start > 0 ? ELLIPSIS : '') + visible(lineText.slice(start, caret))
  const after = visible(lineText.slice(caret, end)) + (end < lineText.length ? ELLIPSIS : '')
  return `${before}${after}\n${padding(before)}^`
}

function startOfWindow(line: string, caret: number, width: number): number {
  const centred = caret - Math.floor(width / 2)
  return characterStart(line, Math.max(0, Math.min(centred, line.length - width)))
}

/** The offset itself, or one less when it falls between the halves of a surrogate pair. */
function characterStart(line: string, offset: number): number {
  const insidePair = offset > 0 && (line.codePointAt(offset - 1) ?? 0) > 0xffff
  return insidePair ? offset - 1 : Math.min(offset, line.length)
}

function visible(text: string): string {
  return text.replace(/(?!\t)\p{Cc}/gu, '\ufffd')
}

function padding(before: string): string {
  return Array.from(before, character => {
    if (character === '\t') return '\t'
    if (ZERO_WIDTH.test(character)) return ''
    return WIDE.test(character) ? '  ' : ' '
  }).join('')
}
