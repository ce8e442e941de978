import { stripVTControlCharacters } from 'node:util'
import test from 'ava'
import { lineOfRevisions, withCliProject } from '../support/cli.ts'
import { withDatabase } from '../support/database.ts'
import { tablesIn } from '../support/ledger-rows.ts'
import { assertRefused } from '../support/refusal.ts'
import { hasTerminal, writtenToTerminal } from '../support/terminal.ts'

test('sync asks only at a terminal: without one it shows the plan and wants --yes', t =>
  withDatabase(t, ({ url, sql }) =>
    withCliProject({ 'sqlbraid.toml': '', ...lineOfRevisions(['a', 'b']) }, async ({ run }) => {
      const env = { SQLBRAID_URL: url }
      const unasked = await run(['sync', '--json'], { env, input: 'y\n' })
      assertRefused(t, unasked, { exit: 2, code: 'USAGE', names: ['--yes'] })
      t.regex(unasked.stderr, /Plan for heads:\n {2}up {3}a {2}add a\n {2}up {3}b {2}add b\n/)
      t.is(await tablesIn(sql), '')
      const done = await run(['sync', '--yes', '--json'], { env })
      t.is(done.code, 0)
      t.like(done.json, { target: 'heads', heads: ['b'] })
      t.is(await tablesIn(sql), 'a b')
      t.is((await run(['sync'], { env })).code, 0, 'there is nothing to ask')
    }),
  ))

test('status --verbose shows what was changed, and the error of a run names the ways on', t =>
  withDatabase(t, ({ url }) =>
    withCliProject({ 'sqlbraid.toml': '', ...lineOfRevisions(['a']) }, async ({ run, write }) => {
      const env = { SQLBRAID_URL: url }
      await run(['upgrade', 'heads'], { env })
      write('migrations/a.up.sql', '-- revision: a\n-- parents: none\n\ncreate table \u001b[2Jother ();\n')
      const { error } = assertRefused(t, await run(['upgrade', 'heads', '--json'], { env }), {
        exit: 8,
        code: 'CHANGED_REVISIONS',
        names: ['migrations/a.up.sql'],
      })
      for (const command of ['status --verbose', 'reapply a', 'accept a'])
        t.true(
          error.suggestions.some(suggestion => suggestion.endsWith(`sqlbraid ${command}`)),
          command,
        )
      const { stdout } = await run(['status', '--verbose'], { env })
      t.regex(stdout, /^ {4}- create table a \(\);\n {4}\+ create table \\x1b\[2Jother \(\);$/m)
      const accepted = await run(['accept', 'a', '--json'], { env })
      t.deepEqual(accepted.json, { revision: 'a', isAccepted: true })
    }),
  ))

for (const [typed, says, tables] of [
  ['y\n', /Done, 1 revision/, 'a'],
  ['\n', /error: Nothing was changed: the plan was declined/, ''],
  ['\x04', /error: Nothing was changed: the plan was declined/, ''],
  ['\x03', /error: Interrupted by SIGINT: nothing was done/, ''],
] as const) {
  test(`at a terminal sync shows the plan and asks: ${JSON.stringify(typed)}`, async t => {
    if (!hasTerminal()) {
      t.log('python3 is missing: no terminal to try it on')
      return t.pass()
    }
    await withDatabase(t, ({ url, sql }) =>
      withCliProject(lineOfRevisions(['a']), async ({ root }) => {
        const answer = ['Go on?', typed] as const
        const written = await writtenToTerminal(['sync', '--url', url], { cwd: root, columns: 80, answer })
        t.regex(stripVTControlCharacters(written), /Plan for heads:\r\n {2}up {3}a {2}add a\r\n/)
        t.regex(stripVTControlCharacters(written), says)
        t.is(await tablesIn(sql), tables)
      }),
    )
  })
}
