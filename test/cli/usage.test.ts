import { execFileSync } from 'node:child_process'
import test from 'ava'
import {
  type Answer,
  BIN,
  cleanEnvironment,
  type Files,
  lineOfRevisions,
  withCliProject,
} from '../support/cli.ts'
import { assertRefused } from '../support/refusal.ts'

const WRONG: readonly (readonly [typed: string, code: string, names: readonly string[]])[] = [
  ['upgrad heads', 'UNKNOWN_COMMAND', ["'upgrad'", "'upgrade'"]],
  ['--quiet heads', 'USAGE', ['command comes first', '--quiet']],
  ['heads extra', 'USAGE', ['no argument', 'extra']],
  ['upgrade heads --dryrun', 'USAGE', ['--dryrun', '--dry-run']],
  ['upgrade heads --transaction never', 'USAGE', ['--transaction', 'never', 'each, all']],
  ['upgrade heads --lock-wait', 'USAGE', ['--lock-wait', 'expects a value']],
  ['upgrade', 'USAGE', ['TARGET']],
  ['show', 'USAGE', ['REVISION']],
  ['revision', 'USAGE', ['--message', 'required']],
]

test('wrong usage is one JSON document with exit code 2, and names what was probably meant', t =>
  withCliProject(lineOfRevisions(['a']), async project => {
    const answers = await Promise.all(WRONG.map(([typed]) => project.run([...typed.split(' '), '--json'])))
    for (const [index, [typed, code, names]] of WRONG.entries()) {
      const answer = answers[index] as Answer
      const { error } = assertRefused(t, answer, { exit: 2, code, names })
      t.regex(error.suggestions.join('\n'), /^sqlbraid /m, typed)
    }
  }))

test('wrong usage as text is an error and what to try', t =>
  withCliProject({}, async project => {
    const { code, stdout, stderr } = await project.run(['histroy', '-r', 'a:b'])
    t.is(code, 2)
    t.is(stdout, '')
    t.is(
      stderr,
      "error: There is no command 'histroy'. Did you mean 'history'?\ntry: sqlbraid history --help\n",
    )
  }))

test('-1 and its like are arguments, not flags', t =>
  withCliProject(lineOfRevisions(['a', 'b', 'c']), async project => {
    const planned = async (...args: string[]) => {
      const { json } = await project.run([...args, '--dry-run', '--from', 'c', '--json'])
      return (json as { steps: { revision: string }[] }).steps.map(({ revision }) => revision)
    }
    t.deepEqual(await planned('downgrade', '-1'), ['c'])
    t.deepEqual(await planned('downgrade', 'c@-2'), ['c', 'b'])
    const history = await project.run(['history', '--json', '-r', '-3:current'])
    assertRefused(t, history, { exit: 2, code: 'DATABASE_NOT_CONFIGURED', names: [] })
  }))

test('what stands on standard input is never taken for an argument', t =>
  withCliProject(lineOfRevisions(['a']), async project => {
    const answer = await project.run(['show', '--json'], { input: 'a\n' })
    assertRefused(t, answer, { exit: 2, code: 'USAGE', names: ['REVISION'] })
  }))

test('help and --help show the same, and --version the version', t =>
  withCliProject({}, async project => {
    const [asCommand, asFlag, version] = await Promise.all([
      project.run(['help', 'upgrade']),
      project.run(['upgrade', '--help']),
      project.run(['--version']),
    ])
    t.is(asCommand.stdout, asFlag.stdout)
    t.true(asFlag.stdout.includes('$ sqlbraid upgrade TARGET...'))
    t.regex(version.stdout, /^sqlbraid\/\d+\.\d+\.\d+ /)
  }))

test('outside a project a command says how to begin one, or to name one', t =>
  withCliProject({}, async project => {
    const { code, stderr } = await project.run(['heads'])
    t.is(code, 2)
    t.true(stderr.includes('sqlbraid init'))
    t.true(stderr.includes('-c '))
  }))

test('a reader that goes away early ends a long answer quietly', t =>
  withCliProject(manyRevisions(2000), async ({ root }) => {
    const command = `"${process.execPath}" "${BIN}" history 2>&1 | head -n 1`
    const shown = execFileSync('sh', ['-c', command], {
      cwd: root,
      env: cleanEnvironment(),
      encoding: 'utf8',
    })
    t.is(shown.split('\n').length, 2)
    t.regex(shown, / -> /)
  }))

function manyRevisions(count: number): Files {
  return lineOfRevisions(Array.from({ length: count }, (_, index) => `revision_number_${index}`))
}

test('no plugins are looked for in the home folder', t =>
  withCliProject({ ...lineOfRevisions(['a']), 'share/sqlbraid/package.json': 'not JSON' }, async project => {
    const { stdout, stderr } = await project.run(['heads'], {
      env: { XDG_DATA_HOME: `${project.root}/share` },
    })
    t.regex(stdout, /^a /)
    t.is(stderr, '')
  }))
