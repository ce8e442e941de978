import { execFileSync } from 'node:child_process'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { debianServer } from '../support/debian-server.ts'
import { driverFor } from '../support/driver.ts'
import { appliedIn, eventsIn, tablesIn } from '../support/ledger-rows.ts'
import { assertRefused } from '../support/refused-run.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const TWO = { a: 'create table a ();', b: 'create table b ();' }

test('a disk that a revision fills is told, and what fits afterwards is applied', async t => {
  const server = debianServer(t)
  if (server === undefined) return
  const disk = join(server.folder, 'disk')
  mkdirSync(disk)
  const { uid, gid } = statSync(server.folder)
  try {
    const size = `size=1m,uid=${uid},gid=${gid}`
    execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', disk], { stdio: 'ignore' })
  } catch {
    t.log('skipped: no disk can be mounted here')
    return t.pass()
  }
  t.teardown(() => execFileSync('umount', ['--lazy', disk]))
  server.start()
  const sql = driverFor(server.url)
  await sql.unsafe(`create tablespace tiny location '${disk}'`)
  const filling = (rows: number) =>
    `create table filled tablespace tiny as select repeat('x', 1000) from generate_series(1, ${rows});`
  const project = writeProject(t, server.url, { a: TWO.a, b: filling(10_000) })
  await assertRefused(t, project.settings, { exit: 5, code: 'REVISION_FAILED', names: ['No space left'] })
  t.is(await appliedIn(sql), 'a')
  project.write({ b: { up: filling(10_000), header: 'transaction: off' } })
  await assertRefused(t, project.settings, { exit: 6, code: 'REVISION_INCOMPLETE', names: ['No space left'] })
  project.write({ b: filling(10) })
  await upgrade(project.settings, heads)
  t.is(await appliedIn(sql), 'a b')
  t.is((await sql`select from filled`).length, 10)
  await sql.end()
})

test('a ledger that finds the disk full undoes the revision and leaves a ledger that agrees with the schema', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: TWO.a })
    await upgrade(project.settings, heads)
    project.write({
      b: TWO.b,
      c: { up: 'create table c ();\ncreate table d ();', header: 'transaction: off' },
    })
    await sql.unsafe(`
      create function full_disk() returns trigger language plpgsql as $$ begin
        if new.revision = current_setting('test.full_at') then
          raise exception using errcode = 'disk_full', message = 'could not extend file: No space left on device';
        end if;
        return new;
      end $$;
      create trigger full_disk before insert or update on sqlbraid.revision for each row execute function full_disk()`)
    const fullAt = (revision: string) =>
      sql.unsafe(
        `do $$ begin execute format('alter database %I set test.full_at = ${revision}', current_database()); end $$`,
      )
    await fullAt('b')
    await assertRefused(t, project.settings, {
      exit: 5,
      code: 'REVISION_FAILED',
      names: ['No space left on device'],
    })
    t.is(await appliedIn(sql), 'a')
    t.is(await tablesIn(sql), 'a')
    await fullAt('c')
    await assertRefused(t, project.settings, {
      exit: 6,
      code: 'REVISION_INCOMPLETE',
      names: ['No space left'],
    })
    t.is(await tablesIn(sql), 'a b')
    await fullAt('none')
    await upgrade(project.settings, heads)
    t.is(await appliedIn(sql), 'a b c')
    t.deepEqual((await eventsIn(sql)).slice(1), [
      'upgrade b failed',
      'upgrade b done',
      'upgrade c failed',
      'upgrade c done',
    ])
  }))
