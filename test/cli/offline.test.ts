import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { withDrawnProject } from '../support/drawn-project.ts'
import { line } from '../support/topologies.ts'

const BIN = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

function run(cwd: string, ...args: readonly string[]) {
  const { PATH = '', HOME = '' } = process.env
  return spawnSync(process.execPath, [BIN, ...args], { cwd, env: { PATH, HOME }, encoding: 'utf8' })
}

test('--sql --from prints the script and nothing else, without a database', t =>
  withDrawnProject(line, {}, ({ root }) => {
    const { status, stdout, stderr } = run(root, 'upgrade', 'heads', '--sql', '--from', 'a')
    t.is(status, 0)
    t.is(stderr, '')
    t.regex(stdout, /^-- sqlbraid \S+: upgrade heads\n-- from a to d\n/)
    t.regex(stdout, /\\echo 'up b add b'\n/)
    t.regex(stdout, /\$sqlbraid\$;\n$/)
    const document = JSON.parse(run(root, 'downgrade', 'base', '--sql', '--from', 'b', '--json').stdout)
    t.deepEqual(document.heads, [])
    t.is(document.steps.length, 2)
    t.regex(document.sql, /-- from b to base\n/)
  }))

test('an error leaves no half of a script behind; --from alone and --sql with --dry-run are wrong usage', t =>
  withDrawnProject(line, { d: { up: 'select (' } }, ({ root }) => {
    const broken = run(root, 'upgrade', 'heads', '--sql', '--from', 'base')
    t.is(broken.status, 2)
    t.is(broken.stdout, '')
    t.is(run(root, 'upgrade', 'heads', '--from', 'base').status, 2)
    t.is(run(root, 'upgrade', 'heads', '--sql', '--dry-run', '--from', 'base').status, 2)
    t.is(run(root, 'upgrade', 'heads', '--sql').status, 2)
  }))

test('rebase says what it rewrote, and that no database was asked', t =>
  withDrawnProject('a <- b1[left]\n a <- c1', {}, ({ root }) => {
    const planned = run(root, 'rebase', 'left', '--onto', 'c1', '--dry-run')
    t.is(planned.stdout, 'would rewrite migrations/b1.up.sql\n  b1: parents a -> c1\nheads: b1\n')
    t.regex(planned.stderr, /no database was asked/)
    const { status, stdout } = run(root, 'rebase', 'left', '--onto', 'c1', '--json')
    t.is(status, 0)
    const changes = [{ revision: 'b1', from: ['a'], to: ['c1'], file: 'migrations/b1.up.sql' }]
    t.deepEqual(JSON.parse(stdout), { onto: 'c1', changes, heads: ['b1'] })
    t.is(run(root, 'rebase', 'c1', '--onto', 'b1').status, 2)
  }))
