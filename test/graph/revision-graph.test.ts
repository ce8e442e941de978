import test from 'ava'
import { buildGraph } from '../../src/graph/revision-graph.ts'
import { graphlibKey, toGraphlib } from '../../src/graph/to-graphlib.ts'
import { draw, drawGraph, id, ids } from '../support/draw.ts'
import { dependencyAcrossRoots, diamond } from '../support/topologies.ts'

test('parents and children are each other’s inverse', t => {
  const graph = drawGraph(diamond)
  t.deepEqual([...graph.children(id('a'))], ids('b1', 'b2'))
  t.deepEqual([...graph.parents(id('m'))], ids('b1', 'b2'))
})

test('dependencies are requirements, but make nobody a parent', t => {
  const graph = drawGraph(dependencyAcrossRoots)
  const n2 = id('n2')
  const a2 = id('a2')
  t.deepEqual([...graph.requirements(n2)], ids('n1', 'a2'))
  t.deepEqual([...graph.dependents(a2)], ids('n2'))
  t.deepEqual([...graph.children(a2)], [])
})

test('ids that are names of Object’s own members, or only digits, are ids like any other', t => {
  const odd = ids('10', '9', '__proto__', 'constructor', 'toString')
  const graph = drawGraph(odd.join(' <- '))
  for (const [index, id] of odd.slice(1).entries())
    t.deepEqual([...graph.parents(id)], odd.slice(index, index + 1))
  t.deepEqual([...toGraphlib(graph).nodes()].sort(), odd.map(graphlibKey).sort())
  t.is(Object.keys(Object.prototype).length, 0)
})

test('an id the graph does not know has no neighbours', t => {
  const lost = id('lost')
  t.deepEqual([...drawGraph(diamond).children(lost), ...drawGraph(diamond).requirements(lost)], [])
})

test('the order in which revisions are given makes no difference', t => {
  const revisions = draw(dependencyAcrossRoots)
  t.deepEqual(buildGraph(revisions).ids, buildGraph(revisions.toReversed()).ids)
})

test('graphlib’s graph has the same revisions, and edges that say why', t => {
  const drawn = toGraphlib(drawGraph(dependencyAcrossRoots))
  t.is(drawn.nodeCount(), 5)
  t.is(drawn.edge(':n1', ':n2'), 'parent')
  t.is(drawn.edge(':a2', ':n2'), 'dependency')
})
