import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import test, { type ExecutionContext } from 'ava'
import type postgres from 'postgres'
import { downgrade } from '../../src/actions/downgrade.ts'
import { readState } from '../../src/actions/read-state.ts'
import { stamp } from '../../src/actions/stamp.ts'
import { upgrade } from '../../src/actions/upgrade.ts'
import type { SqlbraidError } from '../../src/errors/sqlbraid-error.ts'
import { type TestDatabase, withDatabase } from '../support/database.ts'
import { projectFor, TABLES } from '../support/project.ts'

/** Two roles of least privilege: one that logs in and has no rights, and one that owns things. */
interface Roles {
  readonly login: string
  readonly owner: string
  /** The url of the database for `login`. */
  readonly url: string
  readonly sql: postgres.Sql
}

async function withRoles(t: ExecutionContext, use: (roles: Roles) => Promise<void>): Promise<void> {
  await withDatabase(t, async ({ url, sql }) => {
    const suffix = randomBytes(4).toString('hex')
    const login = `deploy_${suffix}`
    const owner = `Owner "${suffix}"`
    await sql`create role ${sql(login)} login noinherit password 'deploy'`
    await sql`create role ${sql(owner)}`
    await sql`revoke all on schema public from public`
    try {
      await use({ login, owner, url: urlFor(url, login), sql })
    } finally {
      await sql`drop owned by ${sql(login)}, ${sql(owner)} cascade`
      await sql`drop role ${sql(login)}, ${sql(owner)}`
    }
  })
}

function urlFor(url: TestDatabase['url'], user: string): string {
  const changed = new URL(url)
  if (changed.searchParams.has('user')) changed.searchParams.set('user', user)
  else changed.username = user
  changed.searchParams.set('password', 'deploy')
  return changed.href
}

test('a user without any right migrates as a role it may become; role and user are recorded', async t => {
  await withRoles(t, async ({ login, owner, url, sql }) => {
    await sql`grant ${sql(owner)} to ${sql(login)}`
    await sql`grant usage, create on schema public to ${sql(owner)}`
    await sql`create schema ledger authorization ${sql(owner)}`
    const config = `role = ${JSON.stringify(owner)}\nledger_schema = "ledger"`
    const up = { b: `reset role; set search_path = pg_catalog; create table public.b (); reset all;` }
    const settings = projectFor(t, { url, graph: 'a <- b <- c', up, config })
    await upgrade(settings, { targets: ['heads'] })
    await downgrade(settings, { targets: ['-1'] })
    const owners = await sql`
      select distinct tableowner from pg_tables where schemaname in ('public', 'ledger')`
    t.deepEqual([...owners], [{ tableowner: owner }])
    const people = await sql`
      select distinct r.applied_by, e.database_user from ledger.revision r join ledger.event e using (revision)`
    t.deepEqual([...people], [{ applied_by: login, database_user: login }])
  })
})

test('statements outside a transaction are recorded as the role too, whatever role they leave behind', async t => {
  await withRoles(t, async ({ login, owner, url, sql }) => {
    await sql`grant ${sql(owner)} to ${sql(login)}`
    await sql`create schema sqlbraid authorization ${sql(owner)}`
    const up = {
      a: '-- transaction: off\nreset role; set role none; select 1; reset role; select current_user;',
    }
    const settings = projectFor(t, { url, graph: 'a', up, config: `role = ${JSON.stringify(owner)}` })
    const { steps } = await upgrade(settings, { targets: ['heads'] })
    t.is(steps[0]?.state, 'applied')
  })
})

test('the rights that docs/deploy.md gives are enough', async t => {
  await withRoles(t, async ({ login, owner, url, sql }) => {
    const docs = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8')
    const grants = /```sql\n(.*?)```/s.exec(docs)?.[1] ?? ''
    await sql`drop role ${sql(login)}, ${sql(owner)}`
    const quoted = `"${owner.replaceAll('"', '""')}"`
    await sql.unsafe(grants.replaceAll('shop_owner', quoted).replaceAll('shop_deploy', login))
    const settings = projectFor(t, { url, graph: 'a', config: `role = ${JSON.stringify(owner)}` })
    await upgrade(settings, { targets: ['heads'] })
    t.is((await sql.unsafe(TABLES))[0]?.['tables'], 'a')
  })
})

test('a role that does not exist, or that the user may not become, is refused with what would grant it', async t => {
  await withRoles(t, async ({ login, owner, url }) => {
    const as = (role: string) =>
      readState(projectFor(t, { url, graph: 'a', config: `role = ${JSON.stringify(role)}` }))
    const missing = await refusal(t, as('nobody_at_all'), 'ROLE_REFUSED')
    t.is(missing.message, 'The role "nobody_at_all" to migrate as does not exist on the server.')
    const foreign = await refusal(t, as(owner), 'ROLE_REFUSED')
    t.deepEqual(foreign.suggestions, [`grant "${owner.replaceAll('"', '""')}" to ${login};`])
  })
})

test('who may not create the ledger is told of two ways, and each of them works', async t => {
  for (const way of [0, 1]) {
    await withRoles(t, async ({ login, url, sql }) => {
      await sql`grant usage, create on schema public to ${sql(login)}`
      const settings = projectFor(t, { url, graph: 'a' })
      const run = () => upgrade(settings, { targets: ['heads'] })
      const { suggestions } = await refusal(t, run(), 'LEDGER_RIGHTS_MISSING')
      t.is((await sql.unsafe(TABLES))[0]?.['tables'], '')
      await sql.unsafe((suggestions[way] ?? '').replace(/^or /, ''))
      await run()
      t.is((await sql.unsafe(TABLES))[0]?.['tables'], 'a')
    })
  }
})

test('a ledger that somebody else made is read and written with grants alone', async t => {
  await withRoles(t, async ({ login, url, sql }) => {
    await sql`grant usage, create on schema public to ${sql(login)}`
    await sql`create schema sqlbraid`
    const settings = projectFor(t, { url, graph: 'a <- b' })
    const run = () => upgrade(settings, { targets: ['heads'] })
    const refused = async (use: string) => {
      const error = await refusal(t, run(), 'LEDGER_RIGHTS_MISSING')
      t.regex(error.message, new RegExp(`^The role "${login}" may not ${use} the ledger, schema "sqlbraid"`))
      return error.suggestions[0] ?? ''
    }
    await sql.unsafe(await refused('read'))
    t.is(await refused('create'), `grant usage, create on schema sqlbraid to ${login};`)
    const admin = projectFor(t, { url: adminUrl(url), graph: 'a <- b' })
    await stamp(admin, { targets: ['heads'] })
    await stamp(admin, { targets: ['base'] })
    await sql.unsafe(await refused('read'))
    await sql.unsafe(await refused('write'))
    await run()
    t.is((await sql.unsafe(TABLES))[0]?.['tables'], 'a b')
  })
})

/** The url for the server's own superuser again. */
function adminUrl(url: string): string {
  const changed = new URL(url)
  const admin = new URL(process.env['SQLBRAID_TEST_URL'] ?? '')
  admin.pathname = changed.pathname
  return admin.href
}

async function refusal(t: ExecutionContext, run: Promise<unknown>, code: string): Promise<SqlbraidError> {
  return (await t.throwsAsync(run, { code })) as SqlbraidError
}
