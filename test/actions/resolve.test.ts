import test from 'ava'
import { readState } from '../../src/actions/read-state.ts'
import { resolve } from '../../src/actions/resolve.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import { withDatabase } from '../support/database.ts'
import { appliedIn, eventsIn } from '../support/ledger-rows.ts'
import { writeProject } from '../support/written-project.ts'

const heads = { targets: ['heads'] }
const HALF_WAY = { up: 'create table b ();\nselect 1 / 0;', header: 'transaction: off' }
const AFTER_IT = { a: 'create table a ();', b: HALF_WAY, c: 'create table c ();' }

test('a half-way revision that was completed by hand counts as applied, as its file is now', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, AFTER_IT)
    await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_INCOMPLETE' })
    project.write({ b: 'create table b ();' })
    t.deepEqual(await resolve(project.settings, { revision: 'b', resolution: 'applied' }), {
      revision: 'b',
      resolution: 'applied',
    } as never)
    const { incomplete, changed } = await readState(project.settings)
    t.deepEqual([incomplete, changed], [[], []])
    await upgrade(project.settings, heads)
    t.is(await appliedIn(sql), 'a b c')
    t.true((await eventsIn(sql)).includes('resolve b done'))
  }))

test('a half-way revision that was undone by hand is applied anew', t =>
  withDatabase(t, async ({ url, sql }) => {
    const project = writeProject(t, url, AFTER_IT)
    await t.throwsAsync(upgrade(project.settings, heads), { code: 'REVISION_INCOMPLETE' })
    await sql`drop table b`
    project.write({ b: 'create table b ();' })
    await resolve(project.settings, { revision: 'b', resolution: 'not applied' })
    t.is(await appliedIn(sql), 'a')
    await upgrade(project.settings, heads)
    t.is(await appliedIn(sql), 'a b c')
  }))

test('what did not stop half-way is refused, and what did is named', t =>
  withDatabase(t, async ({ url }) => {
    const { settings } = writeProject(t, url, AFTER_IT)
    const applied = (revision: string) => resolve(settings, { revision, resolution: 'applied' })
    await t.throwsAsync(applied('b'), { code: 'NOT_UNFINISHED', message: /none did/ })
    await t.throwsAsync(upgrade(settings, heads), { code: 'REVISION_INCOMPLETE' })
    await t.throwsAsync(applied('a'), { code: 'NOT_UNFINISHED', message: /these did: b/ })
  }))
