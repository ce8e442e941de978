import test from 'ava'
import fc from 'fast-check'
import { commonAncestors, heads, headsOf, withAncestors } from '../../src/graph/lineage.ts'
import { orderRevisions } from '../../src/graph/order.ts'
import { findGraphProblems } from '../../src/graph/problems.ts'
import { buildGraph } from '../../src/graph/revision-graph.ts'
import { formatTarget, parseTarget, type Target } from '../../src/graph/target.ts'
import { isIdentifier } from '../../src/revision/revision.ts'
import { id, ids } from '../support/draw.ts'
import { randomHistory } from '../support/random-graph.ts'

test('every revision comes after all it requires', t => {
  fc.assert(
    fc.property(randomHistory, ({ graph }) => {
      const ordered = orderRevisions(graph)
      const place = new Map(ordered.map((revision, at) => [revision, at]))
      t.is(ordered.length, graph.ids.length)
      return ordered.every((revision, at) =>
        graph.requirements(revision).every(other => (place.get(other) ?? at) < at),
      )
    }),
    { numRuns: 60 },
  )
})

test('a revision waits only for what it requires: nothing older was ready in its place', t => {
  fc.assert(
    fc.property(randomHistory, ({ graph }) => {
      const done = new Set<string>()
      for (const revision of orderRevisions(graph)) {
        const isReady = (other: typeof revision) =>
          graph.requirements(other).every(required => done.has(required))
        t.is(
          graph.ids.find(other => !done.has(other) && isReady(other)),
          revision,
        )
        done.add(revision)
      }
    }),
    { numRuns: 30 },
  )
})

test('the heads of a set have no descendant in it, and all of it is below them', t => {
  fc.assert(
    fc.property(randomHistory, ({ graph, applied }) => {
      const tips = headsOf(graph, applied)
      const below = withAncestors(graph, tips)
      t.true([...applied].every(revision => below.has(revision)))
      for (const tip of tips)
        t.deepEqual(
          tips.filter(other => withAncestors(graph, [tip]).has(other)),
          [tip],
        )
      t.deepEqual(headsOf(graph, new Set(graph.ids)), heads(graph))
    }),
    { numRuns: 40 },
  )
})

test('nearest common ancestors are common, and all common ones are below them', t => {
  fc.assert(
    fc.property(randomHistory, fc.nat(), fc.nat(), ({ graph }, one, other) => {
      const [a, b] = [
        graph.ids[one % graph.ids.length] ?? id(''),
        graph.ids[other % graph.ids.length] ?? id(''),
      ]
      const [above, aboveOther] = [withAncestors(graph, [a]), withAncestors(graph, [b])]
      const common = [...above].filter(revision => aboveOther.has(revision))
      t.deepEqual([...withAncestors(graph, commonAncestors(graph, a, b))].sort(), common.sort())
    }),
    { numRuns: 60 },
  )
})

test('a clean set has no problems, and one edge against the grain makes exactly one cycle', t => {
  fc.assert(
    fc.property(randomHistory, fc.nat(), ({ revisions, graph }, at) => {
      t.deepEqual(findGraphProblems(revisions), [])
      const low = revisions[at % revisions.length]
      const high =
        low &&
        [...withAncestors(graph, heads(graph))].find(other => withAncestors(graph, [other]).has(low.id))
      if (low === undefined || high === undefined || high === low.id) return
      const bent = revisions.map(revision => (revision === low ? { ...low, parents: [high] } : revision))
      t.deepEqual(
        findGraphProblems(bent).map(({ code }) => code),
        ['CYCLE'],
      )
    }),
    { numRuns: 40 },
  )
})

test('parsing undoes formatting', t => {
  const name = fc.stringMatching(/^[A-Za-z0-9_.]{1,12}$/).filter(isIdentifier)
  const targets: fc.Arbitrary<Target> = fc
    .record({
      lineage: fc.option(name, { nil: undefined }),
      anchor: fc.oneof(name, fc.constantFrom('head', 'heads', 'base', 'current')),
      offset: fc.integer({ min: -999, max: 999 }),
    })
    .map(({ lineage, ...rest }) => (lineage === undefined ? rest : { lineage, ...rest }))
  fc.assert(fc.property(targets, target => t.deepEqual(parseTarget(formatTarget(target), 'upgrade'), target)))
})

test('any text is a target or a BAD_TARGET', t => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab1.@+-:,~^ é') }), text => {
      try {
        t.is(
          formatTarget(parseTarget(text, 'upgrade')).replace(/current/, ''),
          text.replace(/current/, '').replace(/([+-])0+(?=\d)/, '$1'),
        )
      } catch (error) {
        t.like(error, { code: 'BAD_TARGET', target: text })
      }
    }),
  )
})

test('a chain of 20,000 and a braid of 5,000 with 500 merges are walked without overflow', t => {
  const chain = buildGraph(Array.from({ length: 20_000 }, (_, at) => revision(at, at === 0 ? [] : [at - 1])))
  t.is(orderRevisions(chain).length, 20_000)
  t.deepEqual(heads(chain), ids('r19999'))
  const parentsInBraid = (at: number) =>
    at % 10 === 9 ? [at - 1, at - 4] : [at % 10 === 5 ? at - 4 : at - 1]
  const braid = Array.from({ length: 5000 }, (_, at) => revision(at, at === 0 ? [] : parentsInBraid(at)))
  t.deepEqual(findGraphProblems(braid), [])
  t.is(orderRevisions(buildGraph(braid)).length, 5000)
})

function revision(at: number, parents: readonly number[]) {
  return {
    id: id(`r${at}`),
    parents: ids(...parents.map(parent => `r${parent}`)),
    labels: [],
    depends: [],
    message: '',
    created: '',
  }
}
