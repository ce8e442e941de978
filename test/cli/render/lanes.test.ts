import test from 'ava'
import fc from 'fast-check'
import { BOX_GLYPHS, drawLaneRow } from '../../../src/cli/render/lane-glyphs.ts'
import { type LaneRow, layOutLanes } from '../../../src/cli/render/lanes.ts'
import { PLAIN } from '../../../src/cli/render/style.ts'
import { drawingOrder } from '../../../src/graph/drawing-order.ts'
import type { RevisionGraph } from '../../../src/graph/revision-graph.ts'
import type { RevisionId } from '../../../src/revision/revision.ts'
import { randomHistory } from '../../support/random-graph.ts'
import { traceLanes } from './trace-lanes.ts'

test('following the lines of a drawing leads along every parent exactly once, and nowhere else', t => {
  fc.assert(
    fc.property(randomHistory, ({ graph }) => {
      const rows = layOut(graph)
      const drawn = rows.flatMap(row => (row.kind === 'revision' ? [row.revision] : []))
      const lines = rows.map(row => drawLaneRow(row, 'o', BOX_GLYPHS, PLAIN))
      const idAt = new Map<number, RevisionId>()
      for (const [line, row] of rows.entries()) if (row.kind === 'revision') idAt.set(line, row.revision)
      const traced = traceLanes(lines).map(([child, parent]) => [idAt.get(child.row), idAt.get(parent.row)])
      const edges = drawn.flatMap(id => graph.parents(id).map(parent => [id, parent]))
      t.deepEqual(traced.map(String).sort(), edges.map(String).sort(), `\n${lines.join('\n')}`)
    }),
  )
})

test('beside a revision there is a lane for each one still to come that has been named, and none else', t => {
  fc.assert(
    fc.property(randomHistory, ({ graph }) => {
      const awaited = new Set<RevisionId>()
      for (const row of layOut(graph)) {
        if (row.kind === 'link') continue
        awaited.add(row.revision)
        t.is(row.lanes.length, awaited.size)
        t.true(row.lanes.every(lane => lane !== undefined))
        awaited.delete(row.revision)
        for (const parent of graph.parents(row.revision)) awaited.add(parent)
      }
      t.is(awaited.size, 0)
    }),
  )
})

test('a link has one line above it or one below it', t => {
  fc.assert(
    fc.property(randomHistory, ({ graph }) => {
      for (const row of layOut(graph)) {
        if (row.kind === 'link') t.true(Math.min(row.from.length, row.to.length) <= 1)
      }
    }),
  )
})

test('the rows are at most a few for each revision and each parent', t => {
  fc.assert(
    fc.property(randomHistory, ({ graph }) => {
      const edges = graph.ids.flatMap(graph.parents).length
      t.true(layOut(graph).length <= 2 * graph.ids.length + 3 * edges)
    }),
  )
})

test('a chain of 20,000 revisions is 20,000 rows of one lane, and each is asked for its parents once', t => {
  let questions = 0
  const length = 20_000
  const chain = Array.from({ length }, (_, index) => length - index)
  const rows = [
    ...layOutLanes(chain, revision => {
      questions++
      return revision > 1 ? [revision - 1] : []
    }),
  ]
  t.is(rows.length, length)
  t.is(questions, length)
  t.is(cellsOf(rows), length)
})

test('twice as many revisions and merges take twice as many rows and cells', t => {
  const small = [...layOutLanes(...braid(250))]
  const large = [...layOutLanes(...braid(500))]
  t.is(large.filter(row => row.kind === 'revision').length, 5000)
  t.true(large.length <= 2 * small.length + 10)
  t.true(cellsOf(large) <= 2 * cellsOf(small) + 10)
})

test('rows come one by one: the first is there before the second revision is looked at', t => {
  const [first] = layOutLanes(
    (function* () {
      yield 'a'
      t.fail('the second revision was taken')
    })(),
    () => [],
  )
  t.like(first, { kind: 'revision', revision: 'a', column: 0 })
})

function layOut(graph: RevisionGraph): LaneRow<RevisionId>[] {
  return [...layOutLanes(drawingOrder(graph, new Set(graph.ids)), graph.parents)]
}

function cellsOf(rows: readonly LaneRow<unknown>[]): number {
  return rows.reduce((sum, row) => sum + (row.kind === 'link' ? row.above : row.lanes).length, 0)
}

/** Ten revisions to each merge: one on the trunk, eight on a branch that was left behind by it, and the merge. */
function braid(merges: number): [number[], (revision: number) => number[]] {
  const length = merges * 10
  const parentsOf = (revision: number) => {
    if (revision === 1) return []
    if (revision % 10 === 0) return [revision - 9, revision - 1]
    if (revision % 10 === 2 && revision > 10) return [revision - 11]
    return [revision - 1]
  }
  return [Array.from({ length }, (_, index) => length - index), parentsOf]
}
