import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import test, { type ExecutionContext } from 'ava'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { debianServer } from '../support/debian-server.ts'
import { driverFor } from '../support/driver.ts'
import { withEmbeddedProject } from '../support/embedded-project.ts'
import { isSearch } from '../support/faults.ts'
import { appliedIn } from '../support/ledger-rows.ts'
import { spawnRun } from '../support/spawned-run.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const ASLEEP = "do $$ begin raise notice 'asleep'; perform pg_sleep(600); end $$;"

test('in each revision of a run the server watches for the end of its client', t =>
  withEmbeddedProject(async ({ hold }) => {
    const { server } = await hold({ transport: 'loopback', settings: { fsync: 'off' } })
    const seen = `insert into seen select name, setting from pg_settings
      where name ~ '^tcp_' or name = 'client_connection_check_interval';`
    const { settings } = writeProject(t, `${server.url}?options=-c%20tcp_keepalives_idle%3D7`, {
      a: `create table seen (name text, setting text);\n${seen}`,
      b: `set tcp_keepalives_count = 9;\n${seen}`,
      c: { up: seen, header: 'transaction: off' },
      d: seen,
    })
    await upgrade(settings, heads)
    const sql = driverFor(server.url)
    const rows =
      await sql`select name, string_agg(setting, ' ') as settings from seen group by name order by name`
    await sql.end()
    t.deepEqual(
      rows.map(({ name, settings }) => `${name} ${settings}`),
      [
        'client_connection_check_interval 5000 5000 5000 5000',
        'tcp_keepalives_count 3 9 3 3',
        'tcp_keepalives_idle 7 7 7 7',
        'tcp_keepalives_interval 10 10 10 10',
        'tcp_user_timeout 50000 50000 50000 50000',
      ],
    )
  }))

test('a run that is killed in the middle of a long statement frees the lock for the next', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, { a: ASLEEP })
    const run = spawnRun(project.settings.root, ['upgrade', 'heads', '--url', url])
    const closed = once(run.process, 'close')
    await run.said('asleep')
    run.process.kill('SIGKILL')
    await closed
    project.write({ a: 'create table a ();' })
    await upgrade(project.settings, heads)
    t.is(await appliedIn(sql), 'a')
  }))

test('a run whose machine vanishes from the network frees the lock for the next', async t => {
  if (!isSearch()) return skip(t, 'takes a minute, so only `npm run test:faults` does it')
  const network = vanishingNetwork(t)
  if (network === undefined) return skip(t, 'there are no network namespaces, or no rights to make one')
  const server = debianServer(t, {
    configuration: [`listen_addresses = '${network.address}'`],
    access: ['host all all samenet trust'],
  })
  if (server === undefined) return
  server.start()
  const remote = `postgres://postgres@${network.address}:5432/postgres?sslmode=disable`
  const project = writeProject(t, server.url, { a: ASLEEP })
  const run = spawnRun(project.settings.root, ['upgrade', 'heads', '--url', remote], {}, network.command)
  await run.said('asleep')
  network.vanish()
  project.write({ a: 'create table a ();' })
  await upgrade(project.settings, heads) // waits 60 s for the lock, if it must
  const sql = driverFor(server.url)
  t.is(await appliedIn(sql), 'a')
  await sql.end()
  run.process.kill('SIGKILL')
})

function skip(t: ExecutionContext, reason: string): void {
  t.log(`skipped: ${reason}`)
  t.pass()
}

/** A second machine, as far as its kernel knows: what runs by `command` reaches `address` until it vanishes. */
function vanishingNetwork(t: ExecutionContext) {
  const name = `braid${process.pid}`
  const net = `10.233.${process.pid % 256}`
  const ip = (...args: readonly string[]) => execFileSync('ip', args, { stdio: 'ignore' })
  try {
    ip('netns', 'add', name)
  } catch {
    return undefined
  }
  t.teardown(() => ip('netns', 'delete', name))
  ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'there', 'netns', name)
  ip('address', 'add', `${net}.1/30`, 'dev', name)
  ip('link', 'set', name, 'up')
  ip('-n', name, 'address', 'add', `${net}.2/30`, 'dev', 'there')
  ip('-n', name, 'link', 'set', 'there', 'up')
  return {
    address: `${net}.1`,
    command: ['ip', 'netns', 'exec', name],
    vanish: () => ip('-n', name, 'link', 'set', 'there', 'down'),
  }
}
