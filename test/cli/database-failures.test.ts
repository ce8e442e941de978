import test from 'ava'
import type { StepReport } from '../../src/errors/run-errors.ts'
import { lineOfRevisions, withCliProject } from '../support/cli.ts'
import { urlOf, withDatabase } from '../support/database.ts'
import { withEmbeddedProject } from '../support/embedded-project.ts'
import { assertRefused, filesOf, tablesOf } from '../support/refusal.ts'

const SECRET = 'sehr-geheim'

test('a server that refuses the connection is named', async t => {
  await withCliProject(lineOfRevisions(['a']), async project => {
    const url = `postgres://alice:${SECRET}@127.0.0.1:1/shop`
    const answer = await project.run(['upgrade', 'heads', '--json', '--url', url])
    assertRefused(t, answer, { exit: 9, code: 'CONNECTION_REFUSED', names: ['127.0.0.1:1', 'refused'] })
    t.false(`${answer.stdout}${answer.stderr}`.includes(SECRET))
  })
})

test('a database that does not exist is named', async t => {
  await withCliProject(lineOfRevisions(['a']), async project => {
    const answer = await project.run(['upgrade', 'heads', '--json', '--url', urlOf('nowhere')])
    assertRefused(t, answer, { exit: 9, code: 'DATABASE_MISSING', names: ['nowhere'] })
  })
})

test('a wrong password names the user and is not shown', async t => {
  await withEmbeddedProject(async ({ hold }) => {
    const { server } = await hold({ transport: 'loopback', settings: { fsync: 'off' } })
    const url = new URL(server.url)
    url.password = SECRET
    await withCliProject(lineOfRevisions(['a']), async project => {
      const answer = await project.run(['upgrade', 'heads', '--json', '--url', url.href])
      assertRefused(t, answer, { exit: 9, code: 'AUTHENTICATION_FAILED', names: [server.user, 'password'] })
      t.false(`${answer.stdout}${answer.stderr}`.includes(SECRET))
    })
  })
})

test('no database at all is an error that lists the ways to name one', async t => {
  await withCliProject(lineOfRevisions(['a']), async project => {
    const answer = await project.run(['status', '--json'])
    assertRefused(t, answer, { exit: 2, code: 'DATABASE_NOT_CONFIGURED', names: ['--url', 'SQLBRAID_URL'] })
  })
})

test('an SQL error in the third of five revisions leaves the first two applied and undoes the third', t =>
  withDatabase(t, ({ url, sql }) => {
    const files = lineOfRevisions(['a', 'b', 'c', 'd', 'e'], {
      c: 'create table c ();\n\ncreate tabel oops ();',
    })
    return withCliProject(files, async project => {
      const before = filesOf(project)
      const answer = await project.run(['upgrade', 'heads', '--json', '--url', url])
      const { error } = assertRefused(t, answer, { exit: 5, code: 'REVISION_FAILED', names: ['c', 'tabel'] })
      const steps = error['steps'] as readonly StepReport[]
      t.deepEqual(
        steps.map(({ revision, state }) => `${revision} ${state}`),
        ['a applied', 'b applied', 'c failed', 'd not run', 'e not run'],
      )
      t.deepEqual(await tablesOf(sql), ['public.a', 'public.b', ...LEDGER])
      t.deepEqual(filesOf(project), before)

      const shown = await project.run(['upgrade', 'heads', '--url', url])
      t.is(shown.code, 5)
      t.is(shown.stdout, '')
      t.true(shown.stderr.includes('migrations/c.up.sql:7:8'), shown.stderr)
      t.regex(shown.stderr, /create tabel oops \(\);\n +\^/)
      t.true(shown.stderr.includes('42601'))
      t.regex(shown.stderr, /not run: +d, e/)
    })
  }))

test('a down script that is missing stops a downgrade before it begins', t =>
  withDatabase(t, ({ url, sql }) => {
    const { 'migrations/a.down.sql': _, ...files } = lineOfRevisions(['a', 'b'])
    return withCliProject(files, async project => {
      await project.run(['upgrade', 'heads', '--url', url])
      const before = await tablesOf(sql)
      const answer = await project.run(['downgrade', 'base', '--json', '--url', url])
      assertRefused(t, answer, { exit: 2, code: 'MISSING_DOWN', names: ['a', 'down script'] })
      t.deepEqual(await tablesOf(sql), before)
    })
  }))

test('a changed file of an applied revision, and an applied revision with no file, stop an upgrade', t =>
  withDatabase(t, async ({ url, sql }) => {
    await withCliProject(lineOfRevisions(['a']), project => project.run(['upgrade', 'heads', '--url', url]))
    const before = await tablesOf(sql)
    const upgrade = ['upgrade', 'heads', '--json', '--url', url]

    await withCliProject(lineOfRevisions(['a', 'b'], { a: 'create table other ();' }), async project => {
      const answer = await project.run(upgrade)
      assertRefused(t, answer, { exit: 8, code: 'CHANGED_REVISIONS', names: ['a', 'migrations/a.up.sql'] })
    })
    await withCliProject(lineOfRevisions(['b']), async project => {
      const answer = await project.run(upgrade)
      assertRefused(t, answer, { exit: 8, code: 'UNKNOWN_REVISIONS', names: ['a'] })
    })
    t.deepEqual(await tablesOf(sql), before)
  }))

const LEDGER = ['sqlbraid.event', 'sqlbraid.revision', 'sqlbraid.version']
