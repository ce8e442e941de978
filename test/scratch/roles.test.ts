import { randomBytes } from 'node:crypto'
import test from 'ava'
import { merge } from '../../src/actions/merge.ts'
import { verify } from '../../src/actions/verify.ts'
import { withScratchServer } from '../../src/scratch/server.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { type Scripts, withScratchProject } from '../support/scratch-project.ts'

/** A role that no other test makes: all share one server. */
function newRole(): string {
  return `role_${randomBytes(6).toString('hex')}`
}

/** A revision that makes a role and needs it, and drops it again. */
function making(role: string): Scripts {
  return {
    up: `create role ${role}; create table of_${role} (); grant select on of_${role} to ${role}`,
    down: `drop table of_${role}; drop role ${role}`,
  }
}

const TABLE = { up: 'create table other ()', down: 'drop table other' }

test('branches of which one makes a role commute, as often as they are tried', async t => {
  const role = newRole()
  const drawing = `root <- a
                   root <- b`
  await withScratchProject(drawing, { a: making(role), b: TABLE }, async ({ settings }) => {
    await merge(settings, { targets: ['heads'], proof: true, id: 'first' })
    await merge(settings, { targets: ['a', 'b'], proof: true, id: 'second' })
    t.deepEqual(await rolesLike(settings, role), [])
  })
})

test('revisions that make and drop a role are proved, in however many databases at once', async t => {
  const role = newRole()
  const scripts = {
    a: making(role),
    b: TABLE,
    c: { up: `drop table of_${role}; drop role ${role}`, down: String((making(role) as { up: string }).up) },
  }
  await withScratchProject('a <- b <- c', scripts, async ({ settings }) => {
    const { proofs } = await verify(settings, { range: ':', jobs: 3, cache: false })
    t.deepEqual(
      proofs.map(({ outcome }) => outcome),
      ['proved', 'proved', 'proved'],
    )
    t.deepEqual(await rolesLike(settings, role), [])
  })
})

test('a role that its down leaves is found, and gone from the server afterwards', async t => {
  const role = newRole()
  const scripts = { a: { up: `create role ${role}`, down: '' }, b: TABLE }
  await withScratchProject('a <- b', scripts, async ({ settings }) => {
    const { proofs } = await verify(settings, { range: ':', jobs: 1, cache: false })
    t.deepEqual(
      proofs.map(({ outcome, changes }) => [outcome, ...changes.map(({ object }) => object)]),
      [['down does not restore', `role ${role}`], ['proved']],
    )
    t.deepEqual(await rolesLike(settings, role), [])
  })
})

function rolesLike(settings: Settings, role: string) {
  return withScratchServer(settings, {}, async ({ query }) => [
    ...(await query(`select rolname from pg_roles where rolname = '${role}'`)),
  ])
}
