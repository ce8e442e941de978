import test from 'ava'
import { resolveRevision, resolveRevisions } from '../../src/graph/resolve-target.ts'
import { drawGraph, id, ids } from '../support/draw.ts'
import { diamond, fork, line, twoRoots } from '../support/topologies.ts'

test('one revision is found by its id, its label, the beginning of either, or a count', t => {
  const context = { graph: drawGraph(fork), command: 'show' }
  const found = ['b1', 'left', 'le', 'left@head-1', 'b2-1', 'base+1'].map(text =>
    resolveRevision(context, text),
  )
  t.deepEqual(found, ids('b1', 'b1', 'b1', 'b1', 'b1', 'a'))
})

test('several targets give each revision once, in the order asked for', t => {
  t.deepEqual(
    resolveRevisions({ graph: drawGraph(fork), command: 'show' }, ['c2', 'heads', 'a']),
    ids('c2', 'b2', 'a'),
  )
})

test('current names the applied heads', t => {
  const context = {
    graph: drawGraph(twoRoots),
    applied: new Set(ids('n1', 'p1', 'p2', 'lost')),
    command: 'edit',
  }
  t.deepEqual(resolveRevisions(context, ['current']), ids('n1', 'p2'))
  t.is(resolveRevision(context, 'p1@current'), id('p2'))
})

test('what counts from a database is refused where none is read', t => {
  for (const text of ['current', '+1', 'left@-1']) {
    t.throws(() => resolveRevision({ graph: drawGraph(fork), command: 'show' }, text), {
      code: 'TARGET_NEEDS_DATABASE',
    })
  }
})

test('several revisions are refused where one is meant', t => {
  t.like(
    t.throws(() => resolveRevision({ graph: drawGraph(diamond), command: 'show' }, 'm-1'), {
      code: 'AMBIGUOUS_TARGET',
    }),
    {
      candidates: ['b1', 'b2'],
      suggestions: ['sqlbraid show b1', 'sqlbraid show b2'],
    },
  )
})

test('base is refused where one revision is meant', t => {
  t.throws(() => resolveRevision({ graph: drawGraph(line), command: 'show' }, 'base'), {
    code: 'AMBIGUOUS_TARGET',
    message: /names no revision/,
  })
})

test('a label and the id of its carrier may begin alike', t => {
  t.is(resolveRevision({ graph: drawGraph('bill1[billing] <- c'), command: 'show' }, 'bill'), id('bill1'))
})
