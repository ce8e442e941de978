import diff from 'fast-diff'

/** Lines that stand together in both texts, only in the text before, or only in the one after. */
export interface LineRun {
  readonly kind: 'same' | 'removed' | 'added'
  /** Without their line ends. */
  readonly lines: readonly string[]
}

/** How one text becomes another, line by line; line ends count as LF. */
export function lineDifference(before: string, after: string): LineRun[] {
  const alphabet = newAlphabet()
  return diff(alphabet.spell(linesOf(before)), alphabet.spell(linesOf(after))).map(([change, letters]) => ({
    kind: KINDS[change],
    lines: alphabet.read(letters),
  }))
}

const KINDS = { [-1]: 'removed', 0: 'same', 1: 'added' } as const

function linesOf(text: string): string[] {
  return text.replaceAll('\r\n', '\n').trimEnd().split('\n')
}

/** The library compares characters, so each different line becomes one of its own. */
function newAlphabet() {
  const lines: string[] = []
  const letters = new Map<string, string>()
  const letterOf = (line: string) => {
    const letter = letters.get(line) ?? String.fromCodePoint(codePointAt(lines.length))
    if (!letters.has(line)) lines.push(line)
    letters.set(line, letter)
    return letter
  }
  return {
    spell: (text: readonly string[]) => text.map(letterOf).join(''),
    read: (spelt: string) => [...spelt].map(letter => lines[indexOf(letter)] ?? ''),
  }
}

const SURROGATES = { first: 0xd800, count: 0x800 }

/** A lone surrogate is no character. */
function codePointAt(index: number): number {
  return index < SURROGATES.first ? index : index + SURROGATES.count
}

function indexOf(letter: string): number {
  const point = letter.codePointAt(0) ?? 0
  return point < SURROGATES.first ? point : point - SURROGATES.count
}
