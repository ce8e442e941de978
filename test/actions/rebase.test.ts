import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { rebase } from '../../src/actions/rebase.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { AppliedOutOfOrderError } from '../../src/errors/authoring-errors.ts'
import { withDatabase } from '../support/database.ts'
import { ids } from '../support/draw.ts'
import { withDrawnProject } from '../support/drawn-project.ts'
import { fork } from '../support/topologies.ts'

test('only the parents line of the first revision changes, and no database is needed', t =>
  withDrawnProject(fork, {}, async ({ root, settings }) => {
    const file = join(root, 'migrations/b1.up.sql')
    const before = readFileSync(file, 'utf8')
    const request = { branch: 'left', onto: 'c2' }
    const planned = await rebase(settings(), { ...request, dryRun: true })
    t.is(readFileSync(file, 'utf8'), before)
    const report = await rebase(settings(), request)
    t.deepEqual(report, planned)
    t.deepEqual(report, {
      onto: 'c2' as never,
      changes: [{ revision: 'b1' as never, from: ids('a'), to: ids('c2'), file }],
      heads: ids('b2'),
      database: undefined,
    })
    t.is(readFileSync(file, 'utf8'), before.replace('parents: a', 'parents: c2'))
    t.deepEqual((await rebase(settings(), request)).changes, [])
  }))

test('a database that has applied what would move refuses it, unless forced', t =>
  withDrawnProject(fork, {}, project =>
    withDatabase(t, async ({ url, name }) => {
      const settings = project.settings({ url })
      const request = { branch: 'left', onto: 'c2' }
      await upgrade(settings, { targets: ['b1'] })
      const file = join(project.root, 'migrations/b1.up.sql')
      const before = readFileSync(file, 'utf8')
      const error = await t.throwsAsync(rebase(settings, request), { instanceOf: AppliedOutOfOrderError })
      t.deepEqual(error?.revisions, ids('b1'))
      t.true(error?.message.includes(name))
      t.true(error?.suggestions.includes('sqlbraid rebase left --onto c2 --force'))
      t.is(readFileSync(file, 'utf8'), before)

      const other = await rebase(settings, { branch: 'c2', onto: 'b1', dryRun: true })
      t.true(other.database?.includes(name))
      t.is((await rebase(settings, { ...request, force: true })).database, undefined)
      t.not(readFileSync(file, 'utf8'), before)
    }),
  ))
