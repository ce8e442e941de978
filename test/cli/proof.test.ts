import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { withScratchProject } from '../support/scratch-project.ts'

const RUN = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))
const CONFLICT = { root: 'create table x ()', a: 'create table y ()', b: 'create table y (id integer)' }
const GRAPH = `root <- a
               root <- b`

test('a refused merge exits with 7 and says in one JSON document why', t =>
  withScratchProject(GRAPH, CONFLICT, async ({ root }) => {
    const { code, stdout } = await sqlbraid(root, 'merge', '--json')
    t.is(code, 7)
    const { error } = JSON.parse(stdout)
    t.is(error.code, 'CONFLICTING_BRANCHES')
    t.is(error.conflicts[0].failure.message, 'relation "y" already exists')
  }))

test('what is not proved makes verify exit with 3', t =>
  withScratchProject('a', { a: 'create table x ()' }, async ({ root }) => {
    const { code, stdout } = await sqlbraid(root, 'verify')
    t.is(code, 3)
    t.regex(stdout, /^a {2}goes up, but has no down script/)
  }))

test('variables of the command line reach what is tried', t =>
  withScratchProject('a', { a: { up: 'create table :t ()', down: 'drop table :t' } }, async ({ root }) => {
    const { code, stdout } = await sqlbraid(root, 'verify', '-v', 't=account')
    t.is(code, 0)
    t.regex(stdout, /1 proved/)
  }))

async function sqlbraid(cwd: string, ...args: readonly string[]) {
  const env = { ...process.env, NO_COLOR: '1' }
  return promisify(execFile)(process.execPath, [RUN, ...args], { cwd, env }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
  )
}
