import { appliedIds, readLedger } from '../database/ledger.ts'
import { withDatabase } from '../database/open-database.ts'
import type { Session } from '../database/session.ts'
import { heads, withRequirements } from '../graph/lineage.ts'
import { orderRevisions } from '../graph/order.ts'
import type { RevisionId } from '../revision/revision.ts'
import { type Catalog, compareCatalogs, type Difference, readCatalog } from '../scratch/compare.ts'
import { type ScratchServer, withScratchServer } from '../scratch/server.ts'
import { serverDifferences } from '../scratch/server-differences.ts'
import { withState } from '../scratch/state.ts'
import type { Settings } from '../settings/settings.ts'
import { compareWithLedger, type Disagreement } from './agreement.ts'
import { desiredSteps, readDesiredSchema } from './desired-schema.ts'
import type { ProofListener } from './prove-convergence.ts'
import { type History, readHistory } from './read-history.ts'
import { replayOptions, upSteps } from './scratch-steps.ts'
import { scriptReader } from './script-reader.ts'

/** What is not as it should be, in the files, in the ledger and in the schema. */
export interface CheckReport extends Disagreement {
  /** For people, without password. */
  readonly database: string
  /** The heads of the history, where there are more than `max_heads` allows. */
  readonly tooManyHeads: readonly RevisionId[]
  /** What the database's schema has otherwise than its applied set gives; undefined when that is not known. */
  readonly drift?: Drift
  /** What the desired schema has otherwise than all revisions give; undefined where none is configured. */
  readonly unmade?: Drift
}

/** `sql` would mend it. */
export interface Drift extends Difference {
  /** What no comparison could see, one sentence each. */
  readonly notCompared: readonly string[]
}

/**
 * Checks the revision files, the ledger against them, the live schema against what the applied set gives on the
 * scratch server, as long as files and ledger agree on that set, and what all revisions give against the desired
 * schema. Changes nothing in the database. Throws what reading,
 * connecting, replaying and the scratch server throw.
 */
export async function check(settings: Settings, listener: ProofListener = {}): Promise<CheckReport> {
  const scripts = scriptReader(settings)
  const history = readHistory(settings, { onScript: scripts.see })
  const open = heads(history.graph)
  return withDatabase(settings, listener, async session => {
    const ledger = await readLedger(session, settings.ledgerSchema)
    const disagreement = compareWithLedger(history, ledger, scripts)
    const { unknown, changed, incomplete } = disagreement
    const report = {
      ...disagreement,
      database: session.description,
      tooManyHeads: open.length > (settings.maxHeads ?? 1) ? open : [],
    }
    const isAgreed = unknown.length + changed.length + incomplete.length === 0
    if (!isAgreed && settings.schema === undefined) return report
    return withScratchServer(settings, listener, async server => {
      const search = { server, settings, history, listener }
      const drift = isAgreed ? await findDrift(session, search, appliedIds(ledger)) : undefined
      const unmade = settings.schema ? await findUnmade(search, open) : undefined
      return { ...report, ...(drift && { drift }), ...(unmade && { unmade }) }
    })
  })
}

/** Whether nothing was found. */
export function isClean({
  tooManyHeads,
  unknown,
  changed,
  missed,
  incomplete,
  drift,
  unmade,
}: CheckReport): boolean {
  const changes = [drift?.changes ?? [], unmade?.changes ?? []]
  const found = [tooManyHeads, unknown, changed, missed, incomplete, ...changes]
  return found.every(list => list.length === 0)
}

interface Search {
  readonly server: ScratchServer
  readonly settings: Settings
  readonly history: History
  readonly listener: ProofListener
}

async function findDrift(session: Session, search: Search, applied: readonly RevisionId[]): Promise<Drift> {
  const { server, listener } = search
  for (const warning of await serverDifferences(session, server)) listener.onWarning?.(warning)
  const expected = await readSchemaAfter(search, applied)
  const live = await readCatalog(session, scopeOf(search))
  const difference = await compareCatalogs(live, expected, ['in the database', 'in the revisions'])
  return { ...difference, notCompared: live.notCompared }
}

async function findUnmade(search: Search, open: readonly RevisionId[]): Promise<Drift> {
  const { server, settings, history, listener } = search
  const all = orderRevisions(history.graph, withRequirements(history.graph, open))
  const made = await readSchemaAfter(search, all)
  const steps = desiredSteps(settings)
  const options = { ...replayOptions(settings, listener, steps), ...scopeOf(search) }
  const desired = await readDesiredSchema(server, steps, options)
  const difference = await compareCatalogs(made, desired, ['in the revisions', 'in the desired schema'])
  return { ...difference, notCompared: desired.notCompared }
}

function readSchemaAfter(search: Search, revisions: readonly RevisionId[]): Promise<Catalog> {
  const { server, settings, history, listener } = search
  const steps = upSteps(history, settings, revisions)
  const options = replayOptions(settings, listener, steps)
  return withState(server, steps, options, copy => readCatalog(copy, scopeOf(search)))
}

function scopeOf({ settings: { ledgerSchema } }: Search) {
  return { ledgerSchema, ignoresOwners: true }
}
