import { fileURLToPath } from 'node:url'
import { braid, chain } from './histories.js'
import { amount, run } from './measure.js'
import { cpuOfPlan } from './plan.js'

const BUDGET_MS = 50
/** Ten times as much work may take somewhat more than ten times as long: memory is farther away. */
const GROWTH_BUDGET = 20
const ONCE = fileURLToPath(new URL('plan-once.js', import.meta.url))

/** Checking, building and planning in this process: CPU time, and how it grows. */
export async function* planningRows({ rounds }) {
  for (const [shape, make, name] of [
    ['chain', chain, 'one chain'],
    ['braid', braid, 'a braid of many merges'],
  ]) {
    for (const count of [1000, 10_000, 100_000]) {
      const revisions = make(count)
      const times = Array.from({ length: rounds + 1 }, () => cpuOfPlan(revisions)).slice(1)
      const what = `planning over ${count} revisions in ${name}`
      yield amount(what, 'ms CPU', times, count === 10_000 ? BUDGET_MS : undefined)
    }
    const growth = []
    for (let round = 0; round < rounds; round++)
      growth.push((await once(shape, 100_000)) / (await once(shape, 10_000)))
    yield amount(`growth of planning from 10000 to 100000 in ${name}`, 'times', growth, GROWTH_BUDGET)
  }
}

/** In a process of its own, as a command plans: here, what V8 has optimised meanwhile would make the shorter one look fast. */
async function once(shape, count) {
  return Number(await run(process.execPath, [ONCE, shape, String(count)]))
}
