import test, { type ExecutionContext } from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { assertNotedOnce, notingHistory } from '../support/faults.ts'
import { pgbouncerBefore } from '../support/pgbouncer.ts'
import { spawnRun } from '../support/spawned-run.ts'
import { writeProject } from '../support/written-project.ts'

const PROCESSES = 12
const COUNT = 12

/** Twelve processes migrate the same database; each must end well. */
async function atOnce(t: ExecutionContext, root: string, args: readonly string[]): Promise<void> {
  const runs = Array.from({ length: PROCESSES }, () => spawnRun(root, ['upgrade', 'heads', ...args]))
  for (const { code, stderr } of await Promise.all(runs.map(({ ended }) => ended))) t.is(code, 0, stderr)
}

test('twelve processes at once on a fresh database, with indexes built concurrently, apply each revision once', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { settings } = writeProject(t, url, notingHistory(COUNT))
    await atOnce(t, settings.root, ['--url', url])
    await assertNotedOnce(t, sql, COUNT)
  }))

test('twelve processes at once apply what is pending once', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, notingHistory(4))
    await upgrade(project.settings, { targets: ['heads'] })
    project.write(notingHistory(COUNT))
    await atOnce(t, project.settings.root, ['--url', url])
    await assertNotedOnce(t, sql, COUNT)
  }))

test('twelve processes at once through PgBouncer in transaction mode apply each revision once', t =>
  withDatabase(t, async ({ url, sql }) => {
    const through = await pgbouncerBefore(t, url)
    if (through === undefined) return
    const { settings } = writeProject(t, url, notingHistory(COUNT))
    const runs = Array.from({ length: PROCESSES }, () =>
      spawnRun(settings.root, ['upgrade', 'heads', '--url', through], { SQLBRAID_LOCK: 'row' }),
    )
    for (const { code, stderr } of await Promise.all(runs.map(({ ended }) => ended))) t.is(code, 0, stderr)
    await assertNotedOnce(t, sql, COUNT)
  }))
