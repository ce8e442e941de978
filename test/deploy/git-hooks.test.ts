import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { withDatabase } from '../support/database.ts'
import { tablesIn } from '../support/ledger-rows.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A repository with a remote, the hook, and sqlbraid installed beside it. */
interface Repository {
  readonly shell: (script: string) => { readonly status: number | null; readonly output: string }
  /** Makes a revision that does nothing, or a table of its name. */
  readonly commit: (id: string, parents: string, kind?: 'table' | 'irreversible') => void
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

test('the post-checkout hook takes the database along to the branch, where it is told to', t =>
  withDatabase(t, async ({ url, sql }) => {
    const { shell, commit } = createRepository(t, { SQLBRAID_URL: url })
    const tables = () => tablesIn(sql)
    commit('a', 'none', 'table')
    shell('git checkout -b topic')
    commit('b', 'a', 'table')
    shell('git checkout main')
    commit('c', 'a', 'table')
    t.is(await tables(), '', 'nobody has asked for it')
    shell('git config sqlbraid.sync true')
    for (const [branch, there] of [
      ['topic', 'a b'],
      ['main', 'a c'],
      ['topic', 'a b'],
    ]) {
      const checkout = shell(`git checkout ${branch}`)
      t.is(checkout.status, 0, checkout.output)
      t.is(await tables(), there ?? '')
    }
    shell('git checkout -- migrations')
    t.is(await tables(), 'a b')
    commit('d', 'b', 'irreversible')
    t.is(shell('git checkout -b other && sqlbraid sync --yes').status, 0)
    const refused = shell('git checkout main')
    t.is(refused.status, 1)
    t.regex(refused.output, /cannot be reverted, they have no down script: d/)
    t.regex(refused.output, /the database does not match this checkout/)
    t.is(await tables(), 'a b d')
  }))

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
  ...[id, parents, kind]: Parameters<Repository['commit']>
): void {
  const header = `-- revision: ${id}\n-- parents: ${parents}\n`
  const write = (part: string, text: string) =>
    writeFileSync(join(folder, `migrations/${id}.${part}.sql`), text)
  write('up', `${header}\n${kind === undefined ? 'select 1;' : `create table ${id} ();`}\n`)
  if (kind === 'table') write('down', `-- revision: ${id}\n\ndrop table ${id};\n`)
  shell(`git add . && git commit --quiet --message 'add ${id}'`)
}
