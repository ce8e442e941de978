import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import test, { type ExecutionContext } from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { SqlbraidError } from '../../src/errors/sqlbraid-error.ts'
import { type TestDatabase, withDatabase } from '../support/database.ts'
import { assertNotedOnce, notingHistory, rounds, seededRandom } from '../support/faults.ts'
import { pgbouncerBefore } from '../support/pgbouncer.ts'
import { lengthOf, type SpawnedRun, spawnRun } from '../support/spawned-run.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const COUNT = 12

interface Round extends TestDatabase {
  /** The URL through PgBouncer. */
  readonly through: string
  readonly random: () => number
  /** How long a run takes that meets no fault. */
  readonly length: number
}

/** Causes a fault again and again, each time before a new database, behind one PgBouncer in transaction mode. */
async function behindPgbouncer(
  t: ExecutionContext,
  times: { readonly few: number; readonly many: number },
  round: (round: Round) => Promise<void>,
): Promise<void> {
  t.timeout(3_600_000)
  const random = seededRandom(t)
  const pooler = await withDatabase(t, ({ url }) => pgbouncerBefore(t, url))
  if (pooler === undefined) return
  const before = (name: string) => Object.assign(new URL(pooler), { pathname: `/${name}` }).href
  const length = await withDatabase(t, ({ name }) => {
    const through = before(name)
    return lengthOf(spawnUpgrade(writeProject(t, through, notingHistory(COUNT)).settings.root, through))
  })
  for (let index = 0; index < rounds(times); index++)
    await withDatabase(t, database => round({ ...database, through: before(database.name), random, length }))
}

function spawnUpgrade(root: string, url: string): SpawnedRun {
  return spawnRun(root, ['upgrade', 'heads', '--url', url, '--lock-wait', '60s'], { SQLBRAID_LOCK: 'row' })
}

test('a run that is killed at any instant behind PgBouncer is completed by the next, and by nobody else', t =>
  behindPgbouncer(t, { few: 2, many: 100 }, async ({ through, sql, random, length }) => {
    const { settings } = writeProject(t, through, notingHistory(COUNT), { lock: 'row' })
    const run = spawnUpgrade(settings.root, through)
    const closed = once(run.process, 'close')
    await run.said('database:')
    await pause(random() * length)
    run.process.kill('SIGKILL')
    await closed
    await upgrade(settings, heads)
    await assertNotedOnce(t, sql, COUNT)
  }))

test('a run that is stopped, taken for dead and awakes does nothing that the other has done', t =>
  behindPgbouncer(t, { few: 2, many: 100 }, async ({ through, sql, random, length }) => {
    const { settings } = writeProject(t, through, notingHistory(COUNT), { lock: 'row', lock_wait: '8s' })
    const run = spawnUpgrade(settings.root, through)
    await run.said('database:')
    await pause(random() * length)
    run.process.kill('SIGSTOP')
    // Stopped within a transaction it is not dead: the server still holds its locks.
    const code = await upgrade(settings, heads).then(() => undefined, codeOf)
    t.true(code === undefined || code === 'LOCK_TIMEOUT', code)
    run.process.kill('SIGCONT')
    const { code: exit, stderr } = await run.ended
    t.is(exit, 0, stderr)
    await assertNotedOnce(t, sql, COUNT)
  }))

function codeOf(error: unknown): string {
  if (error instanceof SqlbraidError) return error.code
  throw error
}
