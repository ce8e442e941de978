import test from 'ava'
import { historyRange } from '../../src/graph/history-range.ts'
import { drawGraph, ids } from '../support/draw.ts'
import { braid, dependencyAcrossRoots, fork, line } from '../support/topologies.ts'

interface Range {
  readonly graph: string
  readonly applied?: string
  readonly range: string
}

const lists = test.macro((t, { graph, applied = '', range }: Range, expected: string) => {
  t.is(
    historyRange(drawGraph(graph), range, new Set(ids(...applied.split(' ').filter(Boolean)))).join(' '),
    expected,
  )
})

test('both ends open is everything, newest first', lists, { graph: braid, range: ':' }, 'm c2 c1 b2 b1 a')
test('both ends are included', lists, { graph: line, range: 'b:c' }, 'c b')
test('an open upper end', lists, { graph: braid, range: 'b1:' }, 'm b2 b1')
test('an open lower end', lists, { graph: braid, range: ':b2' }, 'b2 b1 a')
test(
  'a range across a merge holds only what leads from one end to the other',
  lists,
  { graph: braid, range: 'c1:m' },
  'm c2 c1',
)
test(
  'a range across a fork and a merge holds both sides',
  lists,
  { graph: braid, range: 'a:m' },
  'm c2 c1 b2 b1 a',
)
test('base is an open lower end', lists, { graph: line, range: 'base:b' }, 'b a')
test(
  'the last three and where they start',
  lists,
  { graph: line, applied: 'a b c d', range: '-2:current' },
  'd c b',
)
test(
  'current with several applied heads is all of them',
  lists,
  { graph: fork, applied: 'a b1 c1', range: ':current' },
  'c1 b1 a',
)
test('current of an empty database is nothing', lists, { graph: line, range: ':current' }, '')
test('what is pending', lists, { graph: line, applied: 'a b', range: '+1:heads' }, 'd c')
test(
  'below a merge point, from both its parents',
  lists,
  { graph: braid, applied: 'a b1 b2 c1 c2 m', range: '-1:current' },
  'm c2 b2',
)
test(
  'label@base is the lineage, without siblings or dependencies',
  lists,
  { graph: dependencyAcrossRoots, range: 'net@base:' },
  'n3 n2 n1',
)
test(
  'label@base of a shared base leaves siblings out',
  lists,
  { graph: fork, range: 'left@base:' },
  'b2 b1 a',
)
test('label@head above', lists, { graph: fork, range: ':left@head' }, 'b2 b1 a')
test('one revision', lists, { graph: line, range: 'b:b' }, 'b')

test('a lower end that leads to no upper end is refused', t => {
  t.throws(() => historyRange(drawGraph(fork), 'b1:c2'), {
    code: 'NOT_IN_LINEAGE',
    message: /b1 is not an ancestor of c2/,
  })
  t.throws(() => historyRange(drawGraph(line), 'c:b'), { code: 'NOT_IN_LINEAGE' })
})

test('a range joined by a dependency only is refused', t => {
  t.throws(() => historyRange(drawGraph(dependencyAcrossRoots), 'a2:n3'), { code: 'NOT_IN_LINEAGE' })
})

test('current is refused where no database is read', t => {
  t.throws(() => historyRange(drawGraph(line), ':current'), { code: 'TARGET_NEEDS_DATABASE' })
})
