import test from 'ava'
import fc from 'fast-check'
import { extendGraph } from '../../src/graph/extend-graph.ts'
import { findGraphProblems } from '../../src/graph/problems.ts'
import { buildGraph } from '../../src/graph/revision-graph.ts'
import { draw, drawGraph, id, ids } from '../support/draw.ts'
import { randomHistory } from '../support/random-graph.ts'

test('a revision that only the database knows stands on the parents it was applied on', t => {
  const extended = extendGraph(drawGraph('a <- b <- c'), draw('b <- x[ext] <- y'))
  t.deepEqual([...extended.ids], ids('a', 'b', 'c', 'x', 'y'))
  t.deepEqual([...extended.children(id('b'))], ids('c', 'x'))
  t.is(extended.labels.get('ext'), id('x'))
})

test('of a revision that both know, the files decide', t => {
  const extended = extendGraph(drawGraph('a <- b'), draw('z <- b'))
  t.deepEqual([...extended.parents(id('b'))], ids('a'))
})

test('parents that nobody knows, and labels that are taken, are left out', t => {
  const extended = extendGraph(drawGraph('a[left]'), [
    ...draw('x[left](gone)').map(revision => ({ ...revision, parents: ids('gone', 'left', 'x') })),
  ])
  t.like(extended.revision(id('x')), { parents: [], depends: [], labels: [] })
})

test('whatever rows a ledger has, the result is a graph', t => {
  fc.assert(
    fc.property(randomHistory, randomHistory, fc.boolean(), (files, { revisions }, isReversed) => {
      const rows = isReversed ? [...revisions].reverse() : revisions
      const extended = extendGraph(buildGraph(files.revisions.slice(0, 5)), rows)
      t.deepEqual(findGraphProblems(extended.ids.flatMap(each => extended.revision(each) ?? [])), [])
      t.true(rows.every(row => extended.has(row.id)))
    }),
    { numRuns: 30 },
  )
})
