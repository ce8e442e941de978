import test from 'ava'
import { branch, branchTip, membership, trunk, trunkTip } from '../../src/graph/trunk.ts'
import { drawGraph, id, ids } from '../support/draw.ts'
import { branchOffABranch, dependencyAcrossRoots, fork } from '../support/topologies.ts'

test('the trunk is what has no label and descends from an unlabelled base', t => {
  t.deepEqual([...trunk(drawGraph(branchOffABranch))], ids('a', 't1'))
  t.deepEqual([...trunk(drawGraph(dependencyAcrossRoots))], [])
})

test('a merge of a branch into the trunk is on the trunk', t => {
  const merged = drawGraph(`a <- f1[feature] <- f2 <- m <- t2
                            a <- t1 <- m`)
  t.deepEqual([...trunk(merged)].sort(), ids('a', 'm', 't1', 't2'))
  t.deepEqual([...branch(merged, 'feature')], ids('f1', 'f2'))
  t.is(trunkTip(merged), id('t2'))
  t.is(branchTip(merged, 'feature'), id('f2'))
})

test('each revision is on the trunk or on branches; a merge of two branches is on both', t => {
  const graph = drawGraph('a <- b1[left] <- m\na <- c1[right] <- m')
  const { trunk: onTrunk, branchesOf } = membership(graph)
  t.deepEqual([...onTrunk], ids('a'))
  t.deepEqual(branchesOf(id('a')), [])
  t.deepEqual(branchesOf(id('b1')), ['left'])
  t.deepEqual(branchesOf(id('m')), ['left', 'right'])
})

test('a branch ends where another label begins', t => {
  const graph = drawGraph(branchOffABranch)
  t.deepEqual([...branch(graph, 'feature')], ids('b1', 'b2'))
  t.is(branchTip(graph, 'sub'), id('s2'))
})

test('the trunk’s tip may have a branch standing on it', t => {
  t.is(trunkTip(drawGraph('a <- f1[feature]')), id('a'))
})

test('an empty history has no trunk tip', t => {
  t.is(trunkTip(drawGraph('')), undefined)
})

test('a forked trunk is refused, with its tips', t => {
  const graph = drawGraph('a <- t1\na <- t2')
  t.like(
    t.throws(() => trunkTip(graph), { code: 'MULTIPLE_HEADS', message: 'The trunk has 2 heads: t1, t2.' }),
    {
      suggestions: [
        'sqlbraid merge t1 t2',
        'sqlbraid rebase t2 --onto t1',
        'sqlbraid revision --head t1',
        'sqlbraid revision --head t2',
      ],
    },
  )
})

test('a forked branch is refused, with its tips', t => {
  const graph = drawGraph('a <- f1[feature] <- f2\nf1 <- f3')
  t.throws(() => branchTip(graph, 'feature'), {
    code: 'MULTIPLE_HEADS',
    message: 'Branch feature has 2 heads: f2, f3.',
  })
})

test('an unknown label is refused, and a near one suggested', t => {
  t.throws(() => branchTip(drawGraph(fork), 'lefd'), {
    code: 'UNKNOWN_TARGET',
    message: /Did you mean 'left'/,
  })
})
