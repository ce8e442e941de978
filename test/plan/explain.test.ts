import test from 'ava'
import { type Explanation, explain } from '../../src/plan/explain.ts'
import { drawGraph, ids } from '../support/draw.ts'
import { dependencyAcrossRoots, fork, line } from '../support/topologies.ts'

test('a revision is planned because of a dependency of what was asked for', t => {
  t.deepEqual(explain(drawGraph(dependencyAcrossRoots), new Set(ids('n1')), ['net@head'], 'a1'), {
    revision: 'a1',
    state: 'planned',
    path: [
      { revision: 'n3', required: 'n2', reason: 'parent' },
      { revision: 'n2', required: 'a2', reason: 'dependency' },
      { revision: 'a2', required: 'a1', reason: 'parent' },
    ],
  } as unknown as Explanation)
})

test('a target needs no path', t => {
  t.like(explain(drawGraph(line), new Set(), ['b'], 'b'), { state: 'planned', path: [] })
})

test('an applied revision is told apart', t => {
  t.like(explain(drawGraph(line), new Set(ids('a')), ['b'], 'a'), { state: 'applied' })
})

test('a sibling is not required', t => {
  t.like(explain(drawGraph(fork), new Set(), ['left@head'], 'c1'), { state: 'not required', path: [] })
})
