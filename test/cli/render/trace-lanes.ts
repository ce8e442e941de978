/** Which ways lead out of a glyph; `o` stands for a revision. */
const WAYS: Readonly<Record<string, string>> = {
  o: 'ud',
  '│': 'ud',
  '─': 'lr',
  '├': 'udr',
  '┬': 'ldr',
  '╭': 'rd',
  '╮': 'ld',
  '╯': 'lu',
}
const MOVES: Readonly<Record<string, readonly [row: number, column: number, opposite: string]>> = {
  d: [1, 0, 'u'],
  l: [0, -1, 'r'],
  r: [0, 1, 'l'],
}

/** A revision's place in a drawing. */
export interface Place {
  readonly row: number
  readonly column: number
}

/**
 * Follows the lines of a drawing with the eye only: from each revision downwards, and never up again, to each revision
 * that is reached. Gives a pair of places for each way there is, so that a line drawn twice is found twice.
 */
export function traceLanes(lines: readonly string[]): [Place, Place][] {
  const at = ({ row, column }: Place) => lines[row]?.[column] ?? ' '
  const places = lines.flatMap((line, row) =>
    [...line].flatMap((glyph, column) => (glyph === 'o' ? [{ row, column }] : [])),
  )
  return places.flatMap(start => reachedFrom(start, at).map((end): [Place, Place] => [start, end]))
}

function reachedFrom(start: Place, at: (place: Place) => string): Place[] {
  const ends: Place[] = []
  const under = { row: start.row + 1, column: start.column }
  const walks = WAYS[at(under)]?.includes('u') ? [{ place: under, from: 'u' }] : []
  for (const { place, from } of walks) {
    const glyph = at(place)
    if (glyph === 'o') {
      ends.push(place)
      continue
    }
    for (const way of waysOn(glyph, from)) {
      const [down, right, opposite] = MOVES[way] ?? [0, 0, '']
      const next = { row: place.row + down, column: place.column + right }
      const isDrawn = at(next) === '│' || WAYS[at(next)]?.includes(opposite)
      if (isDrawn) walks.push({ place: next, from: opposite })
      else if (at(next) !== ' ') throw new Error(`A line breaks off at ${next.row}:${next.column}.`)
    }
  }
  return ends
}

/** A line that meets another one's `│` from the side passes under it. */
function waysOn(glyph: string, from: string): string[] {
  if (glyph === '│' && from !== 'u') return from === 'l' ? ['r'] : ['l']
  return [...(WAYS[glyph] ?? '')].filter(way => way !== from && way !== 'u')
}
