import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import test, { type ExecutionContext } from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { SqlbraidError } from '../../src/errors/sqlbraid-error.ts'
import { type TestDatabase, withDatabase } from '../support/database.ts'
import { assertNotedOnce, notingHistory, rounds, seededRandom } from '../support/faults.ts'
import { pgbouncerBefore } from '../support/pgbouncer.ts'
import { type SpawnedRun, spawnRun } from '../support/spawned-run.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const COUNT = 12
const LONGEST_RUN_MS = 1500

interface Round extends TestDatabase {
  /** The URL through PgBouncer. */
  readonly through: string
  readonly random: () => number
}

/** Causes a fault again and again, each time before a new database, behind one PgBouncer in transaction mode. */
async function behindPgbouncer(
  t: ExecutionContext,
  times: { readonly few: number; readonly many: number },
  round: (round: Round) => Promise<void>,
): Promise<void> {
  t.timeout(3_600_000)
  const random = seededRandom(t)
  let pooler: string | undefined
  for (let index = 0; index < rounds(times); index++) {
    await withDatabase(t, async database => {
      pooler ??= await pgbouncerBefore(t, database.url)
      if (pooler === undefined) return
      const through = new URL(pooler)
      through.pathname = `/${database.name}`
      await round({ ...database, through: through.href, random })
    })
  }
}

function spawnUpgrade(root: string, url: string): SpawnedRun {
  return spawnRun(root, ['upgrade', 'heads', '--url', url, '--lock-wait', '60s'], { SQLBRAID_LOCK: 'row' })
}

test('a run that is killed at any instant behind PgBouncer is completed by the next, and by nobody else', t =>
  behindPgbouncer(t, { few: 2, many: 100 }, async ({ through, sql, random }) => {
    const { settings } = writeProject(t, through, notingHistory(COUNT), { lock: 'row' })
    const run = spawnUpgrade(settings.root, through)
    const closed = once(run.process, 'close')
    await run.said('database:')
    await pause(random() * LONGEST_RUN_MS)
    run.process.kill('SIGKILL')
    await closed
    await upgrade(settings, heads)
    await assertNotedOnce(t, sql, COUNT)
  }))

test('a run that is stopped, taken for dead and awakes does nothing that the other has done', t =>
  behindPgbouncer(t, { few: 2, many: 100 }, async ({ through, sql, random }) => {
    const { settings } = writeProject(t, through, notingHistory(COUNT), { lock: 'row', lock_wait: '8s' })
    const run = spawnUpgrade(settings.root, through)
    await run.said('database:')
    await pause(random() * LONGEST_RUN_MS)
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
