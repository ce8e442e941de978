import type { ConnectedSession } from '../database/connect.ts'
import { type Ledger, readKeptScripts, readLedger } from '../database/ledger.ts'
import { type DatabaseListener, withDatabase } from '../database/open-database.ts'
import type { Problem } from '../errors/sqlbraid-error.ts'
import { extendGraph } from '../graph/extend-graph.ts'
import { headsOf } from '../graph/lineage.ts'
import { planUpgrade } from '../plan/upgrade.ts'
import type { RevisionId } from '../revision/revision.ts'
import { keptText } from '../script/kept-text.ts'
import { type LineRun, lineDifference } from '../script/line-difference.ts'
import type { Settings } from '../settings/settings.ts'
import { compareWithLedger, type Disagreement } from './agreement.ts'
import { appliedSet } from './applied-set.ts'
import { type History, readHistory } from './read-history.ts'
import { type ScriptReader, scriptReader } from './script-reader.ts'

/** Where a database stands, seen from this checkout. */
export interface DatabaseState extends Disagreement {
  /** For people, without password. */
  readonly database: string
  readonly history: History
  readonly ledger: Ledger
  readonly heads: readonly RevisionId[]
  /** Which revisions `upgrade heads` would apply, in their order. */
  readonly pending: readonly RevisionId[]
  /** What was changed in the files of applied revisions, where that was asked for. */
  readonly differences?: readonly ScriptDifference[]
}

/** A script as it was applied, against what its file would send now. */
export interface ScriptDifference {
  readonly revision: RevisionId
  readonly file: string
  readonly runs: readonly LineRun[]
  /** What is wrong with the file, so that it sends less than it says. */
  readonly problems?: readonly Problem[]
}

export interface StateRequest {
  readonly withDifferences?: boolean | undefined
}

/** Reads the files and the ledger; changes nothing, and does not mind what it finds. */
export async function readState(
  settings: Settings,
  listener: DatabaseListener = {},
  { withDifferences = false }: StateRequest = {},
): Promise<DatabaseState> {
  const scripts = scriptReader(settings)
  const history = readHistory(settings, { onScript: scripts.see })
  return withDatabase(settings, listener, async session => {
    const ledger = await readLedger(session, settings.ledgerSchema)
    const applied = appliedSet(ledger)
    const disagreement = compareWithLedger(history, ledger, scripts)
    return {
      ...disagreement,
      database: session.description,
      history,
      ledger,
      heads: headsOf(extendGraph(history.graph, ledger.revisions), applied),
      pending: planUpgrade(history.graph, applied, ['heads']).steps.map(({ revision }) => revision),
      ...(withDifferences && {
        differences: await readDifferences(session, settings.ledgerSchema, disagreement, scripts),
      }),
    }
  })
}

async function readDifferences(
  session: ConnectedSession,
  schema: string,
  { changed }: Disagreement,
  scripts: ScriptReader,
): Promise<ScriptDifference[]> {
  const kept = await readKeptScripts(
    session,
    schema,
    changed.map(({ id }) => id),
  )
  return changed.map(({ id, file }) => {
    const script = scripts.read(file, session.server)
    const runs = lineDifference(kept.get(id)?.up ?? '', keptText(script))
    return { revision: id, file, runs, ...(script.problems.length > 0 && { problems: script.problems }) }
  })
}
