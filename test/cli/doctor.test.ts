import test from 'ava'
import { checkServer } from '../../src/actions/doctor/check-database.ts'
import { checkNode } from '../../src/actions/doctor/check-machine.ts'
import type { Finding } from '../../src/actions/doctor/finding.ts'
import { lockKey } from '../../src/ledger/lock-key.ts'
import { type CliProject, lineOfRevisions, withCliProject } from '../support/cli.ts'
import { withDatabase } from '../support/database.ts'
import { filesOf, tablesOf } from '../support/refusal.ts'

const SECRET = 'sehr-geheim'

test('a project in good order has no problem, and doctor changes nothing', t =>
  withDatabase(t, ({ url, sql }) =>
    withCliProject({ ...lineOfRevisions(['a']), 'sqlbraid.toml': `url = "${url}"\n` }, async project => {
      const before = filesOf(project)
      const { code, outcomes, messages } = await examine(project)
      t.is(code, 0)
      for (const check of ['node', 'configuration', 'revision files', 'heads', 'database url', 'connection'])
        t.is(outcomes[check], 'ok', check)
      for (const check of ['server', 'writable', 'ledger', 'applied set', 'lock'])
        t.is(outcomes[check], 'ok', check)
      t.is(messages['database url'], 'from url in sqlbraid.toml')
      t.deepEqual(await tablesOf(sql), [])
      t.deepEqual(filesOf(project), before)
    }),
  ))

test('everything that is wrong is found in one run, and the exit code says so', t =>
  withCliProject({ 'migrations/a.up.sql': 'select 1;' }, async project => {
    const url = `postgres://alice:${SECRET}@127.0.0.1:1/shop`
    const { code, outcomes, messages, stdout } = await examine(project, ['--url', url])
    t.is(code, 3)
    t.is(outcomes['configuration'], 'warning')
    t.is(outcomes['revision files'], 'problem')
    t.is(outcomes['connection'], 'problem')
    t.true(messages['connection']?.includes('127.0.0.1:1'))
    t.false(stdout.includes(SECRET))
  }))

test('a broken configuration file is a finding, not the end', t =>
  withCliProject({ 'sqlbraid.toml': 'migratoins = "x"\n' }, async project => {
    const { code, outcomes, messages } = await examine(project)
    t.is(code, 3)
    t.is(outcomes['node'], 'ok')
    t.is(outcomes['configuration'], 'problem')
    t.true(messages['configuration']?.includes('migratoins'))
  }))

test('what the database and the files disagree on, and who holds the lock, is shown', t =>
  withDatabase(t, async ({ url, sql }) => {
    await withCliProject(lineOfRevisions(['a', 'b']), project => project.run(['upgrade', 'heads', '-d', url]))
    const holder = await sql.reserve()
    await holder.unsafe(`select pg_advisory_lock(${lockKey('sqlbraid')})`)
    const [row] = await holder<[{ pid: number }]>`select pg_backend_pid() as pid`
    await withCliProject(lineOfRevisions(['b']), async project => {
      const { code, outcomes, messages } = await examine(project, ['-d', url])
      t.is(code, 3)
      t.is(outcomes['applied set'], 'problem')
      t.true(messages['applied set']?.includes('1 unknown'))
      t.is(outcomes['lock'], 'warning')
      t.true(messages['lock']?.includes(`pid ${row.pid}`))
    })
    holder.release()
  }))

test('as text each finding is a line, with what to do below it', t =>
  withCliProject({}, async project => {
    const { code, stdout } = await project.run(['doctor'])
    t.is(code, 3)
    t.regex(stdout, /^ok +node +\d+\./m)
    t.regex(stdout, /^warning +configuration .*\n +→ sqlbraid init$/m)
    t.regex(stdout, /^1 problem was found\.$/m)
  }))

test('Node.js before 20.19 and PostgreSQL before 14 are problems', t => {
  t.is(checkNode('20.18.3').outcome, 'problem')
  t.is(checkNode('20.19.0').outcome, 'ok')
  t.is(checkNode('24.1.0').outcome, 'ok')
  t.is(checkServer({ version: '13.21', versionNumber: 130021 }).outcome, 'problem')
  t.is(checkServer({ version: '14.0', versionNumber: 140000 }).outcome, 'ok')
})

async function examine(project: CliProject, args: readonly string[] = []) {
  const { code, stdout, json } = await project.run(['doctor', '--json', ...args])
  const { findings } = json as { readonly findings: readonly Finding[] }
  return {
    code,
    stdout,
    outcomes: Object.fromEntries(findings.map(({ check, outcome }) => [check, outcome])),
    messages: Object.fromEntries(findings.map(({ check, message }) => [check, message])),
  }
}
