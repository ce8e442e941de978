/**
 * A drawing of a graph as rows of lanes, before it becomes text. A lane is the line that leads down to a revision
 * which is still to come; each column holds one lane or none. As in `git log --graph`, the lanes of several children
 * join as soon as it is certain that they lead to one parent, and close up to the left.
 */
export type LaneRow<Id> = RevisionRow<Id> | LinkRow

/** The row of a revision, in its column; the other lanes pass by. */
export interface RevisionRow<Id> {
  readonly kind: 'revision'
  readonly revision: Id
  readonly column: number
  /** The hue of the lane in each column; the revision's own is among them. */
  readonly lanes: readonly Hue[]
  /** Whether a line leaves the revision downwards. */
  readonly continues: boolean
}

/**
 * A row between revisions, where lines change columns: those that come from above in `from` are linked with those that
 * go on below in `to`. Either there is but one in `from` (a revision parts towards its parents, a lane moves) or one in
 * `to` (lanes join); so each line can be followed. With neither it only keeps what is above apart from what is below.
 */
export interface LinkRow {
  readonly kind: 'link'
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** The hue of the line that links. */
  readonly hue: Hue
  /** The hue of the lane in each column above and below the row; those not linked pass. */
  readonly above: readonly Hue[]
  readonly below: readonly Hue[]
}

/** A number for each lane, to tell lanes apart by colour; `undefined`: no lane. */
export type Hue = number | undefined

/**
 * Lays out revisions, given children first, row by row.
 *
 * @param parentsOf the parents to draw a line to; a line to one that never comes stays open at the end.
 */
export function* layOutLanes<Id>(
  revisions: Iterable<Id>,
  parentsOf: (revision: Id) => readonly Id[],
): Generator<LaneRow<Id>> {
  const open: OpenLanes<Id> = { lanes: [], opened: 0 }
  let hasJustEnded = false
  for (const revision of revisions) {
    const parents = parentsOf(revision)
    const awaited = open.lanes.findIndex(lane => lane?.awaits === revision)
    if (awaited === -1 && hasJustEnded) yield link(open, [], [], undefined, () => {})
    const column = awaited === -1 ? addLane(open, revision) : awaited
    const widthBefore = open.lanes.length
    yield { kind: 'revision', revision, column, lanes: hues(open), continues: parents.length > 0 }
    yield* leadToParents(open, column, parents)
    yield* closeUp(open)
    // A new lane would stand right below, as if the two were linked.
    hasJustEnded = parents.length === 0 && column === widthBefore - 1
  }
}

interface Lane<Id> {
  readonly awaits: Id
  readonly hue: number
}

interface OpenLanes<Id> {
  readonly lanes: (Lane<Id> | undefined)[]
  /** How many lanes there have been. */
  opened: number
}

function addLane<Id>(open: OpenLanes<Id>, awaits: Id): number {
  return open.lanes.push({ awaits, hue: open.opened++ }) - 1
}

/** The first parent takes over the revision's lane, the others get new ones; then each joins the lane its parent has. */
function* leadToParents<Id>(open: OpenLanes<Id>, column: number, parents: readonly Id[]): Generator<LinkRow> {
  const { lanes } = open
  const [first, ...others] = parents
  const own = lanes[column]
  if (first === undefined || own === undefined) {
    lanes[column] = undefined
    return
  }
  const continueOwn = () => {
    lanes[column] = { ...own, awaits: first }
  }
  if (others.length === 0) {
    continueOwn()
  } else {
    const added = others.map((_, index) => lanes.length + index)
    yield link(open, [column], [column, ...added], open.opened, () => {
      continueOwn()
      for (const parent of others) addLane(open, parent)
    })
  }
  for (const parent of parents) yield* joinLanesTo(open, parent)
}

/** At most two lanes await one revision: the one it had, and one that was just led to it. */
function* joinLanesTo<Id>(open: OpenLanes<Id>, revision: Id): Generator<LinkRow> {
  const { lanes } = open
  const left = lanes.findIndex(lane => lane?.awaits === revision)
  const right = lanes.findLastIndex(lane => lane?.awaits === revision)
  if (left === right) return
  yield link(open, [left, right], [left], lanes[right]?.hue, () => {
    lanes[right] = undefined
  })
}

/** Moves the last lane into the gap until there is none. */
function* closeUp<Id>(open: OpenLanes<Id>): Generator<LinkRow> {
  const { lanes } = open
  for (;;) {
    while (lanes.length > 0 && lanes.at(-1) === undefined) lanes.pop()
    const gap = lanes.indexOf(undefined)
    if (gap === -1) return
    const last = lanes.length - 1
    yield link(open, [last], [gap], lanes[last]?.hue, () => {
      lanes[gap] = lanes.pop()
    })
  }
}

function link<Id>(
  open: OpenLanes<Id>,
  from: readonly number[],
  to: readonly number[],
  hue: Hue,
  change: () => void,
): LinkRow {
  const above = hues(open)
  change()
  return { kind: 'link', from, to, hue, above, below: hues(open) }
}

function hues<Id>({ lanes }: OpenLanes<Id>): Hue[] {
  return lanes.map(lane => lane?.hue)
}
