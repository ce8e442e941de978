import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { catalogOf } from '../support/catalog.ts'
import { withDatabase } from '../support/database.ts'
import { tablesIn } from '../support/ledger-rows.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A repository with a remote, the hook, and sqlbraid installed beside it. */
interface Repository {
  readonly shell: (script: string) => { readonly status: number | null; readonly output: string }
  /** Commits a revision; without scripts it does nothing. */
  readonly commit: (id: string, parents: string, scripts?: Scripts) => void
}

interface Scripts {
  readonly up: string
  readonly down?: string
  readonly header?: string
}

test('the pre-push hook lets one head through, and stops two', t => {
  const { shell, commit } = createRepository(t)
  commit('a', 'none')
  t.is(shell('git push origin main').status, 0)
  commit('b', 'a')
  commit('c', 'a')
  const refused = shell('git push origin main')
  t.not(refused.status, 0)
  t.regex(refused.output, /2 heads, where 1 at most may be: b, c/)
  t.regex(refused.output, /try: sqlbraid merge b c/)
  t.regex(refused.output, /refs\/heads\/main is not pushed/)
  commit('m', 'b, c')
  t.is(shell('git push origin main').status, 0)
})

test('what is committed counts, not the working tree; deletions pass, and the limit can be raised', t => {
  const { shell, commit } = createRepository(t)
  commit('a', 'none')
  commit('b', 'a')
  commit('c', 'a')
  shell('rm migrations/c.up.sql')
  t.not(shell('git push origin main').status, 0)
  t.is(shell('git -c sqlbraid.maxHeads=2 push origin main main:topic').status, 0)
  t.is(shell('git push origin --delete topic').status, 0)
})

test('the CI recipe finds the heads that a merge would make', t => {
  const { shell, commit } = createRepository(t)
  const [recipe = ''] =
    /(?<=```sh\n)git fetch[^`]+/.exec(readFileSync(join(ROOT, 'docs/hooks.md'), 'utf8')) ?? []
  commit('a', 'none')
  shell('git push origin main && git checkout -b topic')
  commit('b', 'a')
  t.is(shell(`set -e\n${recipe}`).status, 0)
  shell('git checkout main')
  commit('c', 'a')
  shell('git push origin main && git checkout topic')
  const found = shell(`set -e\n${recipe}`)
  t.is(found.status, 7, found.output)
})

test('the post-checkout hook acts where it is told to, and says what it cannot do', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { shell, commit } = createRepository(t, { SQLBRAID_URL: url })
    const tables = () => tablesIn(sql)
    commit('a', 'none', table('a'))
    shell('git checkout -b topic')
    commit('b', 'a', table('b'))
    shell('git checkout main')
    t.is(await tables(), '', 'nobody has asked for it')
    shell('git config sqlbraid.sync true')
    t.is(shell('git checkout topic').status, 0)
    t.is(await tables(), 'a b')
    shell('git checkout -- migrations')
    t.is(await tables(), 'a b')
    commit('d', 'b', { up: 'create table d ();' })
    t.is(shell('git checkout -b other && sqlbraid sync --yes').status, 0)
    const refused = shell('git checkout main')
    t.is(refused.status, 1)
    t.regex(refused.output, /cannot be reverted, they have no down script: d/)
    t.regex(refused.output, /the database does not match this checkout/)
    t.is(await tables(), 'a b d')
  }))

test('twenty times from one branch to the other: the database is always what a fresh build of the branch is', async t => {
  const { shell, commit } = createRepository(t)
  commit('s1', 'none', {
    up: 'create table customers (id int primary key, name text);',
    down: 'drop table customers;',
  })
  commit('s2', 's1', {
    up: 'alter table customers add column born date;',
    down: 'alter table customers drop column born;',
  })
  shell('git branch names && git branch orders')
  for (const [branch, revisions] of Object.entries(BRANCHES)) {
    shell(`git checkout ${branch}`)
    for (const [id, parents, scripts] of revisions) commit(id, parents, scripts)
  }
  const fresh: Record<string, readonly string[]> = {}
  for (const branch of ['names', 'orders']) {
    fresh[branch] = await withDatabase(t, async ({ url, sql }) => {
      const built = shell(`git checkout ${branch} && sqlbraid upgrade heads --url '${url}'`)
      t.is(built.status, 0, built.output)
      return catalogOf(sql)
    })
  }
  t.notDeepEqual(fresh['names'], fresh['orders'])
  await withDatabase(t, async ({ url, sql }) => {
    shell('git config sqlbraid.sync true')
    for (let turn = 0; turn < 20; turn++) {
      const branch = turn % 2 === 0 ? 'names' : 'orders'
      const checkout = shell(`SQLBRAID_URL='${url}' git checkout ${branch}`)
      t.is(checkout.status, 0, checkout.output)
      t.deepEqual(await catalogOf(sql), fresh[branch], `turn ${turn}`)
    }
  })
})

/** Both go on from the same revisions, and change the same table. */
const BRANCHES: Readonly<Record<string, readonly (readonly [string, string, Scripts])[]>> = {
  names: [
    [
      'x1',
      's2',
      {
        up: `alter table customers add column email text not null default '', alter column name set not null;
          create index customers_email on customers (email);`,
        down: 'alter table customers drop column email, alter column name drop not null;',
      },
    ],
    [
      'x2',
      'x1',
      {
        up: "create view young as select id, email from customers where born > date '2000-01-01';",
        down: 'drop view young;',
      },
    ],
  ],
  orders: [
    [
      'y1',
      's2',
      {
        up: 'create table orders (id int primary key, customer int references customers);',
        down: 'drop table orders;',
      },
    ],
    [
      'y2',
      'y1',
      {
        up: 'create index concurrently orders_customer on orders (customer);',
        down: 'drop index orders_customer;',
        header: '-- transaction: off\n',
      },
    ],
    ['y3', 's2', { up: 'create sequence invoices;', down: 'drop sequence invoices;' }],
    [
      'y4',
      'y2, y3',
      {
        up: 'alter table customers add column email varchar(80);',
        down: 'alter table customers drop column email;',
      },
    ],
  ],
}

function table(name: string): Scripts {
  return { up: `create table ${name} ();`, down: `drop table ${name};` }
}

function createRepository(t: ExecutionContext, more: Readonly<Record<string, string>> = {}): Repository {
  const home = mkdtempSync(join(tmpdir(), 'sqlbraid-git-'))
  t.teardown(() => rmSync(home, { recursive: true, force: true }))
  const folder = join(home, 'work')
  mkdirSync(join(folder, 'migrations'), { recursive: true })
  writeFileSync(join(folder, 'sqlbraid.toml'), '')
  writeFileSync(join(folder, '.gitignore'), 'node_modules\n')
  installSqlbraid(folder)
  const path = [join(folder, 'node_modules/.bin'), process.env['PATH']].join(delimiter)
  const env = { ...more, PATH: path, HOME: home, GIT_CONFIG_NOSYSTEM: '1', NO_UPDATE_NOTIFIER: '1' }
  const shell: Repository['shell'] = script => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { cwd: folder, env, encoding: 'utf8' })
    return { status, output: stdout + stderr }
  }
  const made = shell(`set -e
    git init --quiet --initial-branch main && git init --quiet --bare ../remote
    git remote add origin ../remote
    git config user.name tester && git config user.email tester@example.com
    git config core.hooksPath '${join(ROOT, 'deploy/git-hooks')}'`)
  t.is(made.status, 0, made.output)
  return { shell, commit: (...revision) => commitRevision(folder, shell, ...revision) }
}

/** As an installed package is found. */
function installSqlbraid(folder: string): void {
  const bin = join(folder, 'node_modules/.bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'sqlbraid'), `#!/bin/sh\nexec '${process.execPath}' '${ROOT}bin/run.js' "$@"\n`)
  chmodSync(join(bin, 'sqlbraid'), 0o755)
}

function commitRevision(
  folder: string,
  shell: Repository['shell'],
  ...[id, parents, scripts = { up: 'select 1;' }]: Parameters<Repository['commit']>
): void {
  const { up, down, header = '' } = scripts
  const write = (part: string, text: string) =>
    writeFileSync(join(folder, `migrations/${id}.${part}.sql`), text)
  write('up', `-- revision: ${id}\n-- parents: ${parents}\n${header}\n${up}\n`)
  if (down !== undefined) write('down', `-- revision: ${id}\n\n${down}\n`)
  shell(`git add . && git commit --quiet --message 'add ${id}'`)
}
