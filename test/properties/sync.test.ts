import test from 'ava'
import fc from 'fast-check'
import { buildGraph } from '../../src/graph/revision-graph.ts'
import { planSync } from '../../src/plan/sync.ts'
import type { RevisionId } from '../../src/revision/revision.ts'
import { type RandomHistory, randomHistoryOf } from '../support/random-graph.ts'

const runs = { numRuns: 60 }

test('a sync ends with exactly what the history has, and never takes away what something stands on', t => {
  fc.assert(
    fc.property(
      randomHistoryOf(60),
      fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
      (history, isHere) => {
        const { graph, rows, asApplied, applied } = splitUp(history, isHere)
        const { steps, headsAfter } = planSync(graph, rows, applied)
        const now = new Set<RevisionId>(applied)
        for (const { direction, revision } of steps) {
          if (direction === 'down') {
            t.true(now.delete(revision))
            t.false(asApplied.dependents(revision).some(other => now.has(other)))
          } else {
            t.false(now.has(revision))
            t.true(graph.requirements(revision).every(other => now.has(other)))
            now.add(revision)
          }
        }
        t.deepEqual([...now].sort(), [...graph.ids].sort())
        t.true(headsAfter.every(id => graph.has(id)))
      },
    ),
    runs,
  )
})

test('a sync of what is in step has no steps', t => {
  fc.assert(
    fc.property(randomHistoryOf(60), ({ graph, revisions }) => {
      t.deepEqual(planSync(graph, revisions, new Set(graph.ids)).steps, [])
    }),
    runs,
  )
})

/** Half of a history is here, as far as its requirements are; the database has applied another part of it. */
function splitUp({ revisions, applied }: RandomHistory, isHere: readonly boolean[]) {
  const closed = (isMember: (id: RevisionId, index: number) => boolean) => {
    const members = new Set<string>()
    return revisions.filter(({ id, parents, depends }, index) => {
      const isIn = isMember(id, index) && [...parents, ...depends].every(name => members.has(name))
      if (isIn) members.add(id)
      return isIn
    })
  }
  const here = closed((_, index) => isHere[index] ?? true)
  const rows = closed(id => applied.has(id))
  return {
    graph: buildGraph(here),
    rows,
    asApplied: buildGraph(rows),
    applied: new Set(rows.map(({ id }) => id)),
  }
}
