import { type Ledger, readLedger } from '../../database/ledger.ts'
import { readLockHolder } from '../../database/lock.ts'
import type { ServerFacts } from '../../database/login.ts'
import { type DatabaseListener, withDatabase } from '../../database/open-database.ts'
import type { Session } from '../../database/session.ts'
import { describeHolder } from '../../errors/database-errors.ts'
import { DatabaseNotConfiguredError } from '../../errors/settings-errors.ts'
import { LEDGER_VERSION } from '../../ledger/ledger-schema.ts'
import { databaseUrl } from '../../settings/database-url.ts'
import type { Settings } from '../../settings/settings.ts'
import { compareWithLedger, type Disagreement } from '../agreement.ts'
import type { History } from '../read-history.ts'
import { scriptReader } from '../script-reader.ts'
import { type Finding, ok, problem, problemFrom, warning } from './finding.ts'

/** The database of the settings: where its url comes from, whether it lets us in, and what its ledger says. */
export async function checkDatabase(
  settings: Settings,
  history: History | undefined,
  listener: DatabaseListener,
): Promise<Finding[]> {
  let source: string
  try {
    source = databaseUrl(settings).source
  } catch (error) {
    if (!(error instanceof DatabaseNotConfiguredError)) return [problemFrom('database url', error)]
    return [warning('database url', 'no database is configured', error.suggestions)]
  }
  return [ok('database url', `from ${source}`), ...(await checkConnection(settings, history, listener))]
}

/** The oldest major version of PostgreSQL that still gets fixes. */
const OLDEST_SERVER = 14

/** What the server's version allows. */
export function checkServer({
  version,
  versionNumber,
}: Pick<ServerFacts, 'version' | 'versionNumber'>): Finding {
  if (versionNumber >= OLDEST_SERVER * 10_000) return ok('server', `PostgreSQL ${version}`)
  return problem(
    'server',
    `PostgreSQL ${version} is older than ${OLDEST_SERVER}, the oldest that is supported`,
  )
}

async function checkConnection(
  settings: Settings,
  history: History | undefined,
  listener: DatabaseListener,
): Promise<Finding[]> {
  try {
    return await withDatabase(settings, listener, async session => [
      ok('connection', session.description),
      checkServer(session.server),
      checkWritable(session.server),
      ...(await checkLedger(session, settings, history)),
      await checkLock(session, settings),
    ])
  } catch (error) {
    return [problemFrom('connection', error)]
  }
}

function checkWritable({ isStandby, isReadOnly }: ServerFacts): Finding {
  if (!isStandby && !isReadOnly) return ok('writable', 'yes')
  const message = isStandby ? 'the server is a standby' : 'the session is read-only'
  const advice = 'Name the primary server, or add target_session_attrs=read-write to the URL'
  return warning('writable', `${message}: nothing can be upgraded there`, [advice])
}

async function checkLedger(
  session: Session,
  settings: Settings,
  history: History | undefined,
): Promise<Finding[]> {
  let ledger: Ledger
  try {
    ledger = await readLedger(session, settings.ledgerSchema)
  } catch (error) {
    return [problemFrom('ledger', error)]
  }
  const agreement =
    history === undefined ? [] : [checkAgreement(compareWithLedger(history, ledger, scriptReader(settings)))]
  return [checkVersion(ledger, settings.ledgerSchema), ...agreement]
}

function checkVersion({ version, revisions }: Ledger, schema: string): Finding {
  if (version === 0) return ok('ledger', `none yet in schema "${schema}"; the first upgrade makes it`)
  const age = version < LEDGER_VERSION ? `, the next upgrade makes it version ${LEDGER_VERSION}` : ''
  return ok('ledger', `schema "${schema}", version ${version}${age}; ${revisions.length} revisions applied`)
}

function checkAgreement({ unknown, changed, missed, incomplete }: Disagreement): Finding {
  const found = { unknown, changed, 'stopped half-way': incomplete, missed }
  const words = Object.entries(found).flatMap(([word, ids]) =>
    ids.length === 0 ? [] : [`${ids.length} ${word}`],
  )
  if (words.length === 0) return ok('applied set', 'agrees with the files')
  const isBroken = unknown.length + changed.length + incomplete.length > 0
  return (isBroken ? problem : warning)('applied set', words.join(', '), ['sqlbraid status'])
}

async function checkLock(session: Session, { ledgerSchema }: Settings): Promise<Finding> {
  const holder = await readLockHolder(session, ledgerSchema)
  if (holder === undefined) return ok('lock', 'free')
  return warning('lock', `held by ${describeHolder(holder)}`, ['Wait for that run to end'])
}
