import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** One way of doing the work of a row: a name, and what does it. `prepare` runs before each round and is not timed. */

/**
 * Runs all sides in turn, so that what else the machine does falls on all of them, after one round that does not count.
 * Gives for each side its times in milliseconds, in the order of the rounds.
 */
export async function inTurn(sides, rounds) {
  const times = new Map(sides.map(({ name }) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (const { name, prepare, run } of sides) {
      const prepared = await prepare?.()
      const started = performance.now()
      const cost = await run(prepared)
      // What measures something else than time says so itself.
      if (round >= 0) times.get(name).push(cost ?? performance.now() - started)
    }
  }
  return times
}

/** Median, minimum and maximum. */
export function spread(values) {
  const sorted = [...values].sort((one, other) => one - other)
  return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted.at(-1) }
}

/**
 * The row of a table: every side against the first one, round by round. `against` names the side that the budget
 * compares with, and `less` one whose time is taken off first.
 */
export function comparison(what, times, { unit = 'ms', budget, against, less } = {}) {
  const [[ours, own]] = times
  const sides = [...times].map(([name, values]) => ({
    name,
    ...spread(values),
    ratio: name === ours ? undefined : spread(own.map((time, round) => time / values[round])),
  }))
  const row = { what, unit, sides }
  if (budget === undefined) return row
  const base = times.get(against)
  if (base === undefined) return { ...row, budget: { most: budget, against, isMeasured: false } }
  const off = times.get(less) ?? own.map(() => 0)
  const ratio = spread(own.map((time, round) => (time - off[round]) / base[round]))
  return {
    ...row,
    budget: { most: budget, against, less, ratio, isMeasured: true, isKept: ratio.median <= budget },
  }
}

/** A row of one number, with or without a budget. */
export function amount(what, unit, values, most) {
  const measured = spread(values)
  const row = { what, unit, sides: [{ name: 'sqlbraid', ...measured }] }
  return most === undefined
    ? row
    : { ...row, budget: { most, isMeasured: true, isKept: measured.median <= most } }
}

/** Runs a program to its end and gives what it wrote; throws what it says when it fails. */
export async function run(program, args, { cwd, env } = {}) {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let complaint = ''
  child.stdout.on('data', data => {
    output += data
  })
  child.stderr.on('data', data => {
    complaint += data
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complaint || output}`)
  return output
}
