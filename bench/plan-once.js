// Plans once, as a command does, and writes the CPU time in milliseconds: node bench/plan-once.js chain|braid COUNT
import { braid, chain } from './histories.js'
import { cpuOfPlan } from './plan.js'

const [shape, count] = process.argv.slice(2)
const revisions = { chain, braid }[shape](Number(count))
process.stdout.write(`${cpuOfPlan(revisions)}\n`)
