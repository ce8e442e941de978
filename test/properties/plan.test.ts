import test from 'ava'
import fc from 'fast-check'
import { withDependents, withRequirements } from '../../src/graph/lineage.ts'
import { buildGraph, type RevisionGraph } from '../../src/graph/revision-graph.ts'
import { planDowngrade } from '../../src/plan/downgrade.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planStamp } from '../../src/plan/stamp.ts'
import { planUpgrade } from '../../src/plan/upgrade.ts'
import type { RevisionId } from '../../src/revision/revision.ts'
import { id, ids } from '../support/draw.ts'
import { type RandomHistory, randomHistory } from '../support/random-graph.ts'

const pick = fc.nat(199)
const runs = { numRuns: 80 }

test('an upgrade applies exactly what its target requires and the database has not', t => {
  fc.assert(
    fc.property(randomHistory, pick, ({ graph, applied }, at) => {
      const target = picked(graph, at)
      const { steps } = planUpgrade(graph, applied, [target])
      const missing = [...withRequirements(graph, [target])].filter(revision => !applied.has(revision))
      t.deepEqual(steps.map(({ revision }) => revision).sort(), missing.sort())
      t.true(steps.every(({ direction }) => direction === 'up'))
    }),
    runs,
  )
})

test('no step of an upgrade comes before what it requires, through applied revisions too', t => {
  fc.assert(
    fc.property(randomHistory, ({ graph, applied }) => {
      const planned = planUpgrade(graph, applied, ['heads']).steps.map(({ revision }) => revision)
      for (const [at, revision] of planned.entries()) {
        const required = withRequirements(graph, [revision])
        t.false(planned.slice(at + 1).some(later => required.has(later)))
      }
    }),
    { numRuns: 30 },
  )
})

test('a downgrade reverts every applied descendant with its dependents, and nothing else', t => {
  fc.assert(
    fc.property(randomHistory, pick, ({ graph, applied }, at) => {
      const target = picked(graph, at)
      const above = [...withDependents(graph, graph.children(target))].filter(revision =>
        applied.has(revision),
      )
      fc.pre(applied.has(target) || above.length > 0)
      const { steps } = planDowngrade(graph, applied, [target])
      t.deepEqual(steps.map(({ revision }) => revision).sort(), above.sort())
      const reverted = new Set<RevisionId>()
      for (const { revision, direction } of steps) {
        t.is(direction, 'down')
        t.true(graph.dependents(revision).every(other => !applied.has(other) || reverted.has(other)))
        reverted.add(revision)
      }
    }),
    runs,
  )
})

test('the heads a plan promises are those of the set its steps leave', t => {
  fc.assert(
    fc.property(randomHistory, pick, ({ graph, applied }, at) => {
      const plan = planStamp(graph, applied, [picked(graph, at)])
      t.deepEqual(planUpgrade(graph, after(applied, plan), []).headsBefore, plan.headsAfter)
    }),
    runs,
  )
})

test('up and then down restores the applied set', t => {
  fc.assert(
    fc.property(randomHistory, ({ graph, applied }) => {
      const closed = withRequirements(graph, applied)
      const up = planUpgrade(graph, closed, ['heads'])
      const full = after(closed, up)
      const back = planDowngrade(
        graph,
        full,
        up.steps.map(({ revision }) => `${revision}-1`),
      )
      t.deepEqual([...after(full, back)].sort(), [...closed].sort())
      t.deepEqual(back.headsAfter, up.headsBefore)
      t.deepEqual(
        back.steps.map(({ revision }) => revision),
        up.steps.map(({ revision }) => revision).reverse(),
      )
    }),
    runs,
  )
})

test('down and then up restores the applied set', t => {
  fc.assert(
    fc.property(randomHistory, pick, ({ graph, applied }, at) => {
      const closed = withRequirements(graph, [...applied, picked(graph, at)])
      const down = planDowngrade(graph, closed, [picked(graph, at)])
      const low = after(closed, down)
      t.is(withRequirements(graph, low).size, low.size)
      const back = planUpgrade(graph, low, down.headsBefore)
      t.deepEqual([...after(low, back)].sort(), [...closed].sort())
    }),
    runs,
  )
})

test('base reverts all that is applied', t => {
  fc.assert(
    fc.property(randomHistory, ({ graph, applied }) => {
      t.is(after(applied, planDowngrade(graph, applied, ['base'])).size, 0)
    }),
    runs,
  )
})

test('within a lineage a downgrade leaves every other branch, but for its dependents', t => {
  fc.assert(
    fc.property(randomHistory, pick, ({ graph, applied }, at) => {
      const closed = withRequirements(graph, applied)
      const low = after(closed, planDowngrade(graph, closed, [`${picked(graph, at)}@base`]))
      t.is(withRequirements(graph, low).size, low.size)
      t.false(
        low.has(picked(graph, at)) &&
          ![...low].some(other => graph.parents(other).includes(picked(graph, at))),
      )
    }),
    runs,
  )
})

test('a stamp loses no revision that is not above its target', t => {
  fc.assert(
    fc.property(randomHistory, pick, ({ graph, applied }, at) => {
      const target = picked(graph, at)
      const above = withDependents(graph, graph.children(target))
      const stamped = after(applied, planStamp(graph, applied, [target]))
      t.true([...applied].every(revision => stamped.has(revision) || above.has(revision)))
      t.true([...withRequirements(graph, [target])].every(revision => stamped.has(revision)))
    }),
    runs,
  )
})

test('the order in which revisions are given makes no difference', t => {
  fc.assert(
    fc.property(
      randomHistory,
      pick,
      fc.infiniteStream(fc.double({ noNaN: true })),
      ({ revisions, graph, applied }, at, weights) => {
        const weighted = revisions.map(revision => ({ revision, weight: Number(weights.next().value) }))
        const shuffled = weighted.sort((a, b) => a.weight - b.weight).map(({ revision }) => revision)
        const target = picked(graph, at)
        t.deepEqual(
          planUpgrade(buildGraph(shuffled), applied, [target]),
          planUpgrade(graph, applied, [target]),
        )
        t.deepEqual(planStamp(buildGraph(shuffled), applied, [target]), planStamp(graph, applied, [target]))
      },
    ),
    runs,
  )
})

test('where created orders all, ids make no difference', t => {
  fc.assert(
    fc.property(randomHistory, pick, ({ revisions, graph, applied }, at) => {
      const rename = (name: string) => id(`x${[...name].reverse().join('')}`)
      const renamed = revisions.map(revision => ({
        ...revision,
        id: rename(revision.id),
        parents: revision.parents.map(rename),
        depends: revision.depends.map(rename),
      }))
      const plan = planUpgrade(graph, applied, [picked(graph, at)])
      const other = planUpgrade(buildGraph(renamed), new Set([...applied].map(rename)), [
        rename(picked(graph, at)),
      ])
      t.deepEqual(
        other.steps.map(({ revision }) => revision),
        plan.steps.map(({ revision }) => rename(revision)),
      )
      t.deepEqual(other.headsAfter, plan.headsAfter.map(rename))
    }),
    runs,
  )
})

test('what the graph does not know is never touched', t => {
  fc.assert(
    fc.property(randomHistory, pick, ({ graph, applied }: RandomHistory, at) => {
      const withLost = new Set([...applied, ...ids('lost', 'lost2')])
      const [plan, lone] = [withLost, applied].map(set => planStamp(graph, set, [picked(graph, at)]))
      t.deepEqual(plan?.steps, lone?.steps)
      t.deepEqual(plan?.headsAfter, [...(lone?.headsAfter ?? []), ...ids('lost', 'lost2')])
    }),
    runs,
  )
})

function picked(graph: RevisionGraph, at: number): RevisionId {
  return graph.ids[at % graph.ids.length] ?? id('')
}

function after(applied: ReadonlySet<RevisionId>, { steps }: Plan): Set<RevisionId> {
  const set = new Set(applied)
  for (const { revision, direction } of steps) direction === 'up' ? set.add(revision) : set.delete(revision)
  return set
}
