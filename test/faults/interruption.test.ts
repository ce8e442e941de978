import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { lineOfRevisions, withCliProject } from '../support/cli.ts'
import { withDatabase } from '../support/database.ts'
import { until } from '../support/embedded-project.ts'
import { appliedIn, tablesIn } from '../support/ledger-rows.ts'
import { pgbouncerBefore } from '../support/pgbouncer.ts'
import { spawnRun } from '../support/spawned-run.ts'
import { writeProject } from '../support/written-project.ts'

const FILES = lineOfRevisions(['a', 'b'])

/** The URL of a server that accepts connections and says nothing; the promise is of the first connection. */
async function muteServer(t: ExecutionContext): Promise<{ url: string; accepted: Promise<unknown> }> {
  const server = createServer(socket => {
    socket.on('error', () => {}).resume()
    t.teardown(() => socket.destroy())
  })
  const accepted = once(server, 'connection')
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  return { url: `postgres://alice@127.0.0.1:${port}/shop?sslmode=disable`, accepted }
}

test('a signal ends waiting for a server that is not there', t =>
  withCliProject(FILES, async ({ root }) => {
    const url = 'postgres://alice@127.0.0.1:1/shop'
    const run = spawnRun(root, ['upgrade', 'heads', '--url', url, '--wait-for-database', '600'])
    await run.said('waiting for the database')
    run.process.kill('SIGTERM')
    const { code, stderr } = await run.ended
    t.is(code, 143)
    t.regex(stderr, /Interrupted by SIGTERM: nothing was done/)
  }))

test('a signal ends the login on a server that never speaks', t =>
  withCliProject(FILES, async ({ root }) => {
    const { url, accepted } = await muteServer(t)
    const run = spawnRun(root, ['upgrade', 'heads', '--url', `${url}&connect_timeout=0`])
    await accepted
    run.process.kill('SIGINT')
    t.is((await run.ended).code, 130)
  }))

test('a server that never speaks is given up after connect_timeout', async t => {
  const { url } = await muteServer(t)
  const { settings } = writeProject(t, `${url}&connect_timeout=1`, { a: 'select 1;' })
  await t.throwsAsync(upgrade(settings, { targets: ['heads'] }), {
    code: 'CONNECTION_TIMEOUT',
    message: /no answer to the login/,
  })
})

test('a signal ends a hook and all that it started, and nothing is changed', t =>
  withDatabase(t, ({ url, sql }) =>
    withCliProject(FILES, async ({ root, write }) => {
      write('sqlbraid.toml', '[hooks]\nbefore_upgrade = "echo hooked; sleep 600 & wait; echo survived"\n')
      const run = spawnRun(root, ['upgrade', 'heads', '--url', url])
      await run.said('hooked')
      run.process.kill('SIGTERM')
      const { code, stderr } = await run.ended
      t.is(code, 143)
      t.regex(stderr, /0 of 2 steps are done/)
      t.notRegex(stderr, /survived/)
      t.is(await tablesIn(sql), '')
    }),
  ))

test('a signal ends a backup, whose file is removed', t =>
  withDatabase(t, ({ url, sql }) =>
    withCliProject(FILES, async ({ root }) => {
      mkdirSync(join(root, 'bin'))
      const program = join(root, 'bin', 'pg_dump')
      writeFileSync(program, `#!/bin/sh\necho dumping > ${root}/dumping\nexec sleep 600\n`, { mode: 0o755 })
      const env = { SQLBRAID_PG_DUMP: program }
      const run = spawnRun(root, ['upgrade', 'heads', '--url', url, '--backup-file', 'x.dump'], env)
      await until(() => existsSync(join(root, 'dumping')), 'the backup has begun')
      run.process.kill('SIGTERM')
      t.is((await run.ended).code, 143)
      t.false(existsSync(join(root, 'x.dump')))
      t.is(await tablesIn(sql), '')
    }),
  ))

test('a signal ends a run behind PgBouncer, and leaves PgBouncer be', t =>
  withDatabase(t, async ({ url, sql }) => {
    const through = await pgbouncerBefore(t, url)
    if (through === undefined) return
    const up = "create table a ();\ndo $$ begin raise notice 'asleep'; perform pg_sleep(600); end $$;"
    const project = writeProject(t, through, { a: up }, { lock: 'row' })
    const run = spawnRun(project.settings.root, ['upgrade', 'heads', '--url', through], {
      SQLBRAID_LOCK: 'row',
    })
    await run.said('asleep')
    run.process.kill('SIGTERM')
    t.is((await run.ended).code, 143)
    project.write({ a: 'create table a ();' })
    await upgrade(project.settings, { targets: ['heads'] })
    t.is(await appliedIn(sql), 'a')
  }))

test('a signal in the middle of a statement outside a transaction leaves it to be resumed', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, {
      a: {
        up: "create table a ();\ndo $$ begin raise notice 'asleep'; perform pg_sleep(600); end $$;",
        header: 'transaction: off',
      },
    })
    const run = spawnRun(project.settings.root, ['upgrade', 'heads', '--url', url])
    await run.said('asleep')
    run.process.kill('SIGINT')
    t.is((await run.ended).code, 130)
    project.write({ a: { up: 'create table a ();\nselect 1;', header: 'transaction: off' } })
    await upgrade(project.settings, { targets: ['heads'] })
    t.is(await appliedIn(sql), 'a')
  }))
