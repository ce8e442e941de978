import test from 'ava'
import { planStamp } from '../../src/plan/stamp.ts'
import { drawGraph, ids } from '../support/draw.ts'
import { plans, refuses } from '../support/plans.ts'
import { braid, dependencyAcrossRoots, fork, line, twoRoots } from '../support/topologies.ts'

test('a stamp goes up', plans, {
  graph: line,
  heads: 'a',
  command: 'stamp c',
  steps: 'up b, up c',
  headsAfter: 'c',
})
test('a stamp goes down', plans, {
  graph: line,
  heads: 'd',
  command: 'stamp b',
  steps: 'down d, down c',
  headsAfter: 'b',
})
test('a stamp at the present place does nothing', plans, {
  graph: line,
  heads: 'b',
  command: 'stamp b',
  steps: '',
  headsAfter: 'b',
})
test('base forgets all', plans, {
  graph: line,
  heads: 'b',
  command: 'stamp base',
  steps: 'down b, down a',
  headsAfter: '',
})
test('below a merge point the other side stays', plans, {
  graph: braid,
  heads: 'm',
  command: 'stamp b1',
  steps: 'down m, down b2',
  headsAfter: 'b1 c2',
})
test('a branch point takes both its branches down', plans, {
  graph: fork,
  heads: 'b1 c2',
  command: 'stamp a',
  steps: 'down c2, down c1, down b1',
  headsAfter: 'a',
})
test('several targets', plans, {
  graph: fork,
  heads: 'a',
  command: 'stamp b1 c1',
  steps: 'up b1, up c1',
  headsAfter: 'b1 c1',
})
test('heads moves both heads and loses neither', plans, {
  graph: fork,
  heads: 'b1 c1',
  command: 'stamp heads',
  steps: 'up b2, up c2',
  headsAfter: 'b2 c2',
})
test('one branch up leaves the other where it is', plans, {
  graph: fork,
  heads: 'b2 c1',
  command: 'stamp c2',
  steps: 'up c2',
  headsAfter: 'b2 c2',
})
test('one branch up and the other down', plans, {
  graph: fork,
  heads: 'b2 c1',
  command: 'stamp b1 c2',
  steps: 'down b2, up c2',
  headsAfter: 'b1 c2',
})
test('a target above another target is kept', plans, {
  graph: fork,
  heads: 'b1 c1',
  command: 'stamp a b1',
  steps: 'down c1',
  headsAfter: 'b1',
})
test('an unrelated root stays', plans, {
  graph: twoRoots,
  heads: 'n2 p2',
  command: 'stamp n1',
  steps: 'down n2',
  headsAfter: 'n1 p2',
})
test('label@base keeps what the branch depended on', plans, {
  graph: dependencyAcrossRoots,
  heads: 'n3',
  command: 'stamp net@base',
  steps: 'down n3, down n2, down n1',
  headsAfter: 'a2',
})
test('dependencies are stamped too', plans, {
  graph: dependencyAcrossRoots,
  command: 'stamp n2',
  steps: 'up a1, up a2, up n1, up n2',
  headsAfter: 'a2 n2',
})
test('-1 and +1 count from what is applied', plans, {
  graph: line,
  heads: 'b',
  command: 'stamp -1',
  steps: 'down b',
  headsAfter: 'a',
})
test('+1 counts upwards', plans, {
  graph: line,
  heads: 'b',
  command: 'stamp +1',
  steps: 'up c',
  headsAfter: 'c',
})
test('an inserted ancestor is stamped', plans, {
  graph: line,
  applied: 'a c',
  command: 'stamp c',
  steps: 'up b',
  headsAfter: 'c',
})
test('unknown applied revisions stay', plans, {
  graph: line,
  applied: 'a lost',
  command: 'stamp b',
  steps: 'up b',
  headsAfter: 'b lost',
})
test('head of two heads is refused', refuses, {
  graph: fork,
  command: 'stamp head',
  code: 'MULTIPLE_HEADS',
  suggests: ['sqlbraid stamp heads'],
})

test('a purge forgets all but the targets, unknown revisions first', t => {
  const plan = planStamp(drawGraph(twoRoots), new Set(ids('n1', 'p1', 'p2', 'lost')), ['n2'], { purge: true })
  const steps = plan.steps.map(({ direction, revision }) => `${direction} ${revision}`)
  t.deepEqual(steps, ['down lost', 'down p2', 'down p1', 'up n2'])
  t.deepEqual(plan.headsAfter, ids('n2'))
})
