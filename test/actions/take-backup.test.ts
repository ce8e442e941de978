import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { downgrade } from '../../src/actions/downgrade.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { DEBIAN_PROGRAMS, debianServer } from '../support/debian-server.ts'
import { driverFor } from '../support/driver.ts'
import { projectFor, TABLES } from '../support/project.ts'

test('a backup is taken before anything is changed, and the command that is shown restores it wholly', async t => {
  const server = debianServer(t)
  if (server === undefined) return
  server.start()
  const name = `it's "shop"`
  const admin = driverFor(server.url)
  await admin`create database ${admin(name)}`
  const url = server.url.replace('/postgres?', `/${encodeURIComponent(name)}?`)
  const config = `pg_dump = '${DEBIAN_PROGRAMS}/pg_dump'`
  const settings = projectFor(t, { url, graph: 'a <- b', config, env: { PGDATABASE: 'elsewhere' } })
  await upgrade(settings, { targets: ['a'] })

  const { backup } = await upgrade(settings, { targets: ['heads'], backup: {} })
  if (backup === undefined) return t.fail('there is no backup')
  t.is(statSync(backup.file).mode & 0o777, 0o600)
  t.true(backup.file.startsWith(join(settings.root, '.sqlbraid', 'backups', 'it_s__shop__')))

  execFileSync('/bin/sh', ['-c', backup.restore], { env: { PATH: DEBIAN_PROGRAMS } })
  const restored = driverFor(url)
  t.is((await restored.unsafe(TABLES))[0]?.['tables'], 'a')
  const ledger = await restored`select revision from sqlbraid.revision`
  t.deepEqual([...ledger], [{ revision: 'a' }])
  await Promise.all([restored.end(), admin.end()])
})

test('without a pg_dump that works nothing is changed, and no file is left', async t => {
  await withDatabase(t, async ({ url, sql }) => {
    const failing = async (program: string) => {
      const settings = projectFor(t, { url, graph: 'a', config: `pg_dump = "${program}"` })
      const run = upgrade(settings, { targets: ['heads'], backup: {} })
      const error = await t.throwsAsync(run, { code: 'BACKUP_FAILED' })
      t.deepEqual(readdirSync(join(settings.root, '.sqlbraid', 'backups')), [])
      return error?.message ?? ''
    }
    t.regex(await failing('/nonexistent/pg_dump'), /\/nonexistent\/pg_dump cannot be started\.$/)
    t.regex(await failing('false'), /: false ended with exit code 1$/)
    t.is((await sql.unsafe(TABLES))[0]?.['tables'], '')
  })
})

test('a backup never overwrites a file, and is not taken when there is nothing to do', async t => {
  await withDatabase(t, async ({ url }) => {
    const settings = projectFor(t, { url, graph: 'a' })
    const file = join(settings.root, 'precious')
    writeFileSync(file, 'old')
    await t.throwsAsync(upgrade(settings, { targets: ['heads'], backup: { file } }), {
      code: 'BACKUP_FAILED',
      message: `The backup to ${file} failed, so nothing was changed: it exists already.`,
    })
    t.is(statSync(file).size, 3)
    const other = join(settings.root, 'other')
    await downgrade(settings, { targets: ['base'], backup: { file: other } })
    t.false(existsSync(other))
  })
})

test('the password reaches pg_dump in its environment alone', async t => {
  await withDatabase(t, async ({ url }) => {
    const secret = `${url}${url.includes('?') ? '&' : '?'}password=opensesame`
    const settings = projectFor(t, { url: secret, graph: 'a' })
    const spy = join(settings.root, 'spy')
    const lines = ['#!/bin/sh', `echo "$* / $PGPASSWORD / $PGDATABASE" > '${settings.root}/seen'`]
    writeFileSync(spy, lines.join('\n'), { mode: 0o755 })
    await upgrade({ ...settings, pgDump: spy }, { targets: ['heads'], backup: {} })
    const seen = execFileSync('cat', [join(settings.root, 'seen')], { encoding: 'utf8' })
    t.regex(seen, /^--format=custom --no-password \/ opensesame \/ test_\w+\n$/)
  })
})
