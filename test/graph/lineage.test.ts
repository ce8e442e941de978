import test from 'ava'
import {
  bases,
  branchPoints,
  commonAncestors,
  heads,
  headsOf,
  lineageOf,
  mergePoints,
  withAncestors,
  withDependents,
  withDescendants,
  withRequirements,
} from '../../src/graph/lineage.ts'

import { drawGraph, id, ids } from '../support/draw.ts'
import {
  braid,
  branchOffABranch,
  crissCross,
  dependencyAcrossRoots,
  fork,
  mergeOfThree,
  twoRoots,
} from '../support/topologies.ts'

test('heads are the revisions nobody names as parent, dependents or not', t => {
  t.deepEqual(heads(drawGraph(dependencyAcrossRoots)), ids('a2', 'n3'))
  t.deepEqual(heads(drawGraph(crissCross)), ids('n1', 'n2'))
})

test('bases, branch points and merge points', t => {
  t.deepEqual(bases(drawGraph(twoRoots)), ids('n1', 'p1'))
  t.deepEqual(branchPoints(drawGraph(branchOffABranch)), ids('a', 'b1'))
  t.deepEqual(mergePoints(drawGraph(mergeOfThree)), ids('m'))
})

test('ancestors and descendants follow parents only', t => {
  const graph = drawGraph(dependencyAcrossRoots)
  t.deepEqual([...withAncestors(graph, [id('n2')])].sort(), ids('n1', 'n2'))
  t.deepEqual([...withDescendants(graph, [id('a2')])], ids('a2'))
})

test('requirements and dependents follow dependencies too', t => {
  const graph = drawGraph(dependencyAcrossRoots)
  t.deepEqual([...withRequirements(graph, [id('n2')])].sort(), ids('a1', 'a2', 'n1', 'n2'))
  t.deepEqual([...withDependents(graph, [id('a2')])].sort(), ids('a2', 'n2', 'n3'))
})

test('a lineage holds what is above and below, and no sibling', t => {
  t.deepEqual([...lineageOf(drawGraph(braid), id('b1'))].sort(), ids('a', 'b1', 'b2', 'm'))
})

test('the heads of an applied set are derived, also where it has gaps', t => {
  t.deepEqual(headsOf(drawGraph('a <- b <- c'), new Set(ids('a', 'c'))), ids('c'))
  t.deepEqual(headsOf(drawGraph(fork), new Set(ids('z', 'a', 'b1', 'y'))), ids('b1', 'y', 'z'))
})

test('nearest common ancestors', t => {
  t.deepEqual(commonAncestors(drawGraph(fork), id('b2'), id('c2')), ids('a'))
  t.deepEqual(commonAncestors(drawGraph(crissCross), id('n1'), id('n2')), ids('b1', 'b2'))
  t.deepEqual(commonAncestors(drawGraph(branchOffABranch), id('b2'), id('s2')), ids('b1'))
  t.deepEqual(commonAncestors(drawGraph(twoRoots), id('n1'), id('p1')), [])
  t.deepEqual(commonAncestors(drawGraph(fork), id('b1'), id('b2')), ids('b1'))
})
