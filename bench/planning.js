import { findGraphProblems } from '../dist/src/graph/problems.js'
import { buildGraph } from '../dist/src/graph/revision-graph.js'
import { planUpgrade } from '../dist/src/plan/upgrade.js'
import { braid, chain } from './histories.js'
import { amount } from './measure.js'

const BUDGET_MS = 50
/** Ten times as much work may take somewhat more than ten times as long: memory is farther away. */
const GROWTH_BUDGET = 20

/** Checking, building and planning in this process: CPU time, and how it grows. */
export function* planningRows({ rounds }) {
  for (const [name, make] of [
    ['one chain', chain],
    ['a braid of many merges', braid],
  ]) {
    const medians = []
    for (const count of [1000, 10_000, 100_000]) {
      const revisions = make(count)
      const times = Array.from({ length: rounds + 1 }, () => cpuOf(() => plan(revisions))).slice(1)
      const row = amount(
        `planning over ${count} revisions in ${name}`,
        'ms CPU',
        times,
        count === 10_000 ? BUDGET_MS : undefined,
      )
      medians.push(row.sides[0].median)
      yield row
    }
    const growth = (medians[2] ?? 0) / (medians[1] ?? 1)
    yield amount(`growth of planning from 10000 to 100000 in ${name}`, 'times', [growth], GROWTH_BUDGET)
  }
}

function plan(revisions) {
  if (findGraphProblems(revisions).length > 0) throw new Error('The history is broken.')
  return planUpgrade(buildGraph(revisions), new Set(), ['heads'])
}

function cpuOf(work) {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
