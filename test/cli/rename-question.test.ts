import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { withScratchProject } from '../support/scratch-project.ts'
import { hasTerminal, writtenToTerminal } from '../support/terminal.ts'

const QUESTION = 'Is column public.account.name now called title? [y/N] '

/** States what `revision --autogenerate` writes to a terminal, and the up script, after a typed answer. */
const answering = test.macro((t, typed: string, expected: { terminal: RegExp; up: RegExp | undefined }) => {
  if (!hasTerminal()) {
    t.log('skipped: python3 is missing, and with it a terminal to try it on')
    return t.pass()
  }
  return withScratchProject('a', { a: 'create table account (name text)' }, async ({ root }) => {
    appendFileSync(join(root, 'sqlbraid.toml'), 'schema = "schema.sql"\n')
    writeFileSync(join(root, 'schema.sql'), 'create table account (title text);\n')
    const args = ['revision', '-m', 'titles', '--autogenerate']
    const answer = [QUESTION, typed] as const
    t.regex(await writtenToTerminal(args, { cwd: root, columns: 120, answer }), expected.terminal)
    const [written] = readdirSync(join(root, 'migrations')).filter(name => name.endsWith('titles.up.sql'))
    if (expected.up === undefined) t.is(written, undefined)
    else t.regex(readFileSync(join(root, 'migrations', written ?? ''), 'utf8'), expected.up)
  })
})

test('at a terminal a likely rename is asked about, and yes makes it one', answering, 'y\n', {
  terminal: /wrote /,
  up: /RENAME COLUMN "name" TO "title"/,
})

test('no leaves it a drop, which is refused', answering, '\n', {
  terminal: /would lose the data of column public\.account\.name/,
  up: undefined,
})
