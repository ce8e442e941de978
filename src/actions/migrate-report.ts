import type { Ledger } from '../database/ledger.ts'
import { extendGraph } from '../graph/extend-graph.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { Plan } from '../plan/plan.ts'
import type { MigrateReport } from './migrate.ts'
import type { History } from './read-history.ts'

/** What is planned from a ledger, as a report. */
export function reportOf(
  { plan, ledger }: { readonly plan: Plan; readonly ledger: Ledger },
  { graph }: History,
): MigrateReport {
  return plannedReport(plan, extendGraph(graph, ledger.revisions))
}

/** A plan that was not run, as a report; the graph knows the messages. */
export function plannedReport(plan: Plan, graph: RevisionGraph): MigrateReport {
  const steps = plan.steps.map(step => {
    const message = graph.revision(step.revision)?.message ?? ''
    return { ...step, state: 'planned' as const, message }
  })
  return { target: plan.target, steps, heads: plan.headsAfter }
}
