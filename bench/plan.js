import { findGraphProblems } from '../dist/src/graph/problems.js'
import { buildGraph } from '../dist/src/graph/revision-graph.js'
import { planUpgrade } from '../dist/src/plan/upgrade.js'

/** Checks revisions, builds their graph and plans all of it; gives the CPU time that this took, in milliseconds. */
export function cpuOfPlan(revisions) {
  const before = process.cpuUsage()
  if (findGraphProblems(revisions).length > 0) throw new Error('The history is broken.')
  planUpgrade(buildGraph(revisions), new Set(), ['heads'])
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
