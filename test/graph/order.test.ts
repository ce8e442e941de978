import test from 'ava'
import { orderRevisions } from '../../src/graph/order.ts'
import { drawGraph, ids } from '../support/draw.ts'
import { crissCross, dependencyAcrossRoots } from '../support/topologies.ts'

test('what is required comes first, and among the rest the lesser id', t => {
  t.deepEqual(orderRevisions(drawGraph(crissCross)), ids('a', 'b1', 'b2', 'm1', 'm2', 'n1', 'n2'))
  t.deepEqual(orderRevisions(drawGraph(dependencyAcrossRoots)), ids('a1', 'a2', 'n1', 'n2', 'n3'))
})

test('the older comes before the lesser id', t => {
  t.deepEqual(orderRevisions(drawGraph('a{3}\nb{1}\nc{2}')), ids('b', 'c', 'a'))
})

test('ids of digits only have no precedence', t => {
  t.deepEqual(orderRevisions(drawGraph('b2{1}\n10{2}\n9{3}')), ids('b2', '10', '9'))
})

test('requirements count through revisions that are not asked for', t => {
  t.deepEqual(orderRevisions(drawGraph('z <- y <- a'), new Set(ids('a', 'z'))), ids('z', 'a'))
})

test('revisions that are not asked for have no say among the others', t => {
  t.deepEqual(orderRevisions(drawGraph('z <- b\na <- c'), new Set(ids('b', 'c'))), ids('b', 'c'))
})

test('revisions the graph does not know are left out', t => {
  t.deepEqual(orderRevisions(drawGraph('a'), new Set(ids('lost', 'a'))), ids('a'))
})
