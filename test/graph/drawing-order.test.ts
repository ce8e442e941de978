import test from 'ava'
import fc from 'fast-check'
import { drawingOrder } from '../../src/graph/drawing-order.ts'
import { drawGraph, ids } from '../support/draw.ts'
import { randomHistory } from '../support/random-graph.ts'
import { braid, branchOffABranch } from '../support/topologies.ts'

test('a branch is drawn to its end before the next one, the newest head first', t => {
  const merged = drawGraph(braid)
  t.deepEqual(drawingOrder(merged, new Set(merged.ids)), ids('m', 'c2', 'c1', 'b2', 'b1', 'a'))
  const forked = drawGraph(branchOffABranch)
  t.deepEqual(drawingOrder(forked, new Set(forked.ids)), ids('t1', 's2', 's1', 'b2', 'b1', 'a'))
})

test('every revision comes once, before all it requires', t => {
  fc.assert(
    fc.property(randomHistory, ({ graph, applied }) => {
      const order = drawingOrder(graph, applied)
      const place = new Map(order.map((id, index) => [id, index]))
      t.deepEqual([...order].sort(), [...applied].sort())
      for (const id of order)
        for (const required of graph.requirements(id))
          t.true(!applied.has(required) || (place.get(required) ?? 0) > (place.get(id) ?? 0))
    }),
  )
})
