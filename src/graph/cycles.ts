/**
 * Finds cycles by following `next` from each start, in order: at least one of every knot of cycles, and
 * never two that share a member. Each is a path that ends where it began (`a`, `b`, `a`).
 */
export function findCycles<Id>(starts: Iterable<Id>, next: (id: Id) => readonly Id[]): Id[][] {
  const cycles: Id[][] = []
  const finished = new Set<Id>()
  const reported = new Set<Id>()
  for (const start of starts) {
    for (const cycle of cyclesReachedFrom(start, next, finished)) {
      if (cycle.some(id => reported.has(id))) continue
      for (const id of cycle) reported.add(id)
      cycles.push(cycle)
    }
  }
  return cycles
}

/** Depth first with a path of its own instead of the call stack, which a long chain would overflow. */
function* cyclesReachedFrom<Id>(
  start: Id,
  next: (id: Id) => readonly Id[],
  finished: Set<Id>,
): Generator<Id[]> {
  if (finished.has(start)) return
  const path = [start]
  const onPath = new Set(path)
  const ways = [next(start)[Symbol.iterator]()]
  for (let way = ways.at(-1); way !== undefined; way = ways.at(-1)) {
    const step = way.next()
    if (step.done) {
      ways.pop()
      const left = path.pop() as Id
      onPath.delete(left)
      finished.add(left)
    } else if (onPath.has(step.value)) {
      yield [...path.slice(path.indexOf(step.value)), step.value]
    } else if (!finished.has(step.value)) {
      path.push(step.value)
      onPath.add(step.value)
      ways.push(next(step.value)[Symbol.iterator]())
    }
  }
}
