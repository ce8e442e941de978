import test from 'ava'
import { heads } from '../../src/graph/lineage.ts'
import { buildGraph, type GraphRevision } from '../../src/graph/revision-graph.ts'
import { planDowngrade } from '../../src/plan/downgrade.ts'
import { explain } from '../../src/plan/explain.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planStamp } from '../../src/plan/stamp.ts'
import { planUpgrade } from '../../src/plan/upgrade.ts'
import { id, ids } from '../support/draw.ts'

const large: readonly (readonly [name: string, revisions: readonly GraphRevision[]])[] = [
  ['a chain of 20,000 revisions', chain(20_000)],
  ['a braid of 5,000 revisions with 500 merges', braid(500)],
]

for (const [name, revisions] of large) {
  test(`${name} is planned up from nothing, up from the middle, down again, and stamped`, t => {
    const graph = buildGraph(revisions)
    const up = planUpgrade(graph, new Set(), ['heads'])
    t.is(up.steps.length, revisions.length)
    t.deepEqual(up.headsAfter, heads(graph))
    const all = revisionsOf(up)
    const half = new Set(all.slice(0, all.length / 2))
    t.deepEqual(revisionsOf(planUpgrade(graph, half, ['heads'])), all.slice(all.length / 2))
    t.deepEqual(revisionsOf(planDowngrade(graph, new Set(all), ['base'])), [...all].reverse())
    t.is(planStamp(graph, new Set(), ['heads']).steps.length, revisions.length)
    t.is(explain(graph, undefined, ['heads'], 'r0').state, 'planned')
  })
}

function revisionsOf(plan: Plan) {
  return plan.steps.map(({ revision }) => revision)
}

function chain(length: number): GraphRevision[] {
  return Array.from({ length }, (_, index) => revision(index, index === 0 ? [] : [index - 1]))
}

/** Two strands of ever four revisions and five, and a merge of them. */
function braid(merges: number): GraphRevision[] {
  return Array.from({ length: merges }, (_, merge) => {
    const first = merge * 10
    const base = first === 0 ? [] : [first - 1]
    const left = [0, 1, 2, 3].map(step => revision(first + step, step === 0 ? base : [first + step - 1]))
    const right = [4, 5, 6, 7, 8].map(step => revision(first + step, step === 4 ? base : [first + step - 1]))
    return [...left, ...right, revision(first + 9, [first + 3, first + 8])]
  }).flat()
}

function revision(index: number, parents: readonly number[]): GraphRevision {
  return {
    id: id(`r${index}`),
    parents: ids(...parents.map(parent => `r${parent}`)),
    labels: [],
    depends: [],
    message: '',
    created: String(index).padStart(6, '0'),
  }
}
