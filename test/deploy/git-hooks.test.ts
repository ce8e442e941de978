import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A repository with a remote, the hook, and sqlbraid installed beside it. */
interface Repository {
  readonly shell: (script: string) => { readonly status: number | null; readonly output: string }
  readonly commit: (id: string, parents: string) => void
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

function createRepository(t: ExecutionContext): Repository {
  const home = mkdtempSync(join(tmpdir(), 'sqlbraid-git-'))
  t.teardown(() => rmSync(home, { recursive: true, force: true }))
  const folder = join(home, 'work')
  mkdirSync(join(folder, 'migrations'), { recursive: true })
  writeFileSync(join(folder, 'sqlbraid.toml'), '')
  writeFileSync(join(folder, '.gitignore'), 'node_modules\n')
  installSqlbraid(folder)
  const env = { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1', NO_UPDATE_NOTIFIER: '1' }
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
  return { shell, commit: (id, parents) => commitRevision(folder, shell, id, parents) }
}

/** As an installed package is found. */
function installSqlbraid(folder: string): void {
  const bin = join(folder, 'node_modules/.bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'sqlbraid'), `#!/bin/sh\nexec '${process.execPath}' '${ROOT}bin/run.js' "$@"\n`)
  chmodSync(join(bin, 'sqlbraid'), 0o755)
}

function commitRevision(folder: string, shell: Repository['shell'], id: string, parents: string): void {
  const header = `-- revision: ${id}\n-- parents: ${parents}\n`
  writeFileSync(join(folder, `migrations/${id}.up.sql`), `${header}\nselect 1;\n`)
  shell(`git add . && git commit --quiet --message 'add ${id}'`)
}
