import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test from 'ava'
import { BIN, cleanEnvironment, lineOfRevisions, withCliProject } from '../support/cli.ts'
import { withDatabase } from '../support/database.ts'

test('the answer goes to stdout and the progress to stderr; --quiet leaves only the answer', t =>
  withDatabase(t, ({ url }) =>
    withCliProject(lineOfRevisions(['a', 'b']), async project => {
      const env = { SQLBRAID_URL: url }
      const up = await project.run(['upgrade', 'heads'], { env })
      t.is(up.stdout, 'Done, 2 revisions: the database stands at b.\n')
      t.regex(up.stderr, /^database: .*\nup {3}a {2}add a {2}\d+ ms\nup {3}b {2}add b {2}\d+ ms\n$/)
      t.false(up.stderr.includes('\x1b'))

      const down = await project.run(['downgrade', '-1', '--quiet'], { env })
      t.is(down.stdout, 'Done, 1 revision: the database stands at a.\n')
      t.is(down.stderr, '')

      const again = await project.run(['upgrade', 'a'], { env })
      t.is(again.stdout, 'Nothing to do: the database stands at a.\n')
    }),
  ))

test('a dry run names each revision it would run', t =>
  withCliProject(lineOfRevisions(['a', 'b']), async project => {
    const { stdout, stderr } = await project.run(['upgrade', 'heads', '--dry-run', '--from', 'a'])
    t.is(stdout, 'Plan for heads:\n  up   b  add b\nThe database would stand at b.\n')
    t.is(stderr, '')
  }))

test('status tells a database that was never touched from an empty one', t =>
  withDatabase(t, ({ url }) =>
    withCliProject(lineOfRevisions(['a']), async project => {
      const env = { SQLBRAID_URL: url }
      const untouched = await project.run(['status'], { env })
      t.regex(
        untouched.stdout,
        /applied: 0, pending: 1\nheads: {3}none\. .* has never changed this database\./,
      )
      t.is((await project.run(['status', '--exit-code'], { env })).code, 3)
      await project.run(['upgrade', 'heads'], { env })
      const inStep = await project.run(['status', '--exit-code'], { env })
      t.is(inStep.code, 0)
      t.true(inStep.stdout.endsWith('The database is up to date.\n'))
      await project.run(['downgrade', 'base'], { env })
      t.is((await project.run(['current'], { env })).stdout, 'Nothing is applied.\n')
    }),
  ))

test('--verbose says where settings come from, what the server is, and shows each round trip without its values', t =>
  withDatabase(t, ({ url, name }) => {
    const files = lineOfRevisions(['a'], {
      a: `create role "${name}" password 'sehr-geheim'; drop role "${name}";`,
    })
    return withCliProject(files, async project => {
      const { stderr } = await project.run(['upgrade', 'heads', '--verbose'], { env: { SQLBRAID_URL: url } })
      t.regex(stderr, /^configuration: no file/m)
      t.regex(stderr, /^database url: from SQLBRAID_URL$/m)
      t.regex(stderr, /^connected: PostgreSQL \d+/m)
      t.regex(stderr, /^ +\d+ ms {2}.*create role .*; commit$/m)
      t.false(stderr.includes('sehr-geheim'))
    })
  }))

test('a reader of the progress that goes away does not end the run', t =>
  withDatabase(t, ({ url, sql }) => {
    const files = lineOfRevisions(['a', 'b', 'c'], { b: 'select pg_advisory_lock(1); create table b ();' })
    return withCliProject(files, async ({ root }) => {
      const holder = await sql.reserve()
      await holder`select pg_advisory_lock(1)`
      const child = spawn(process.execPath, [BIN, 'upgrade', 'heads'], {
        cwd: root,
        env: cleanEnvironment({ SQLBRAID_URL: url }),
      })
      const ended = once(child, 'exit')
      child.stderr.on('data', chunk => {
        if (!String(chunk).includes('add a')) return
        child.stderr.destroy()
        holder`select pg_advisory_unlock(1)`.then(() => holder.release())
      })
      child.stdout.resume()
      t.deepEqual(await ended, [0, null])
      const applied = await sql`select revision from sqlbraid.revision order by 1`
      t.deepEqual(
        applied.map(({ revision }) => revision),
        ['a', 'b', 'c'],
      )
    })
  }))
