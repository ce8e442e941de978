import { stripVTControlCharacters } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import sliceAnsi from 'slice-ansi'
import { type CliProject, lineOfRevisions, withCliProject } from '../support/cli.ts'
import { withDatabase } from '../support/database.ts'
import { hasTerminal, writtenToTerminal } from '../support/terminal.ts'

const COLUMNS = 40
const WIDE = '表を追加する、とても長い説明のあるリビジョン'
const CLEAR = '\x1b[1G\x1b[2K'

/** What an upgrade of two revisions with wide messages writes to a terminal. */
const onTerminal = test.macro(
  async (t, env: Readonly<Record<string, string>>, check: (t: ExecutionContext, written: string) => void) => {
    if (!hasTerminal()) {
      t.log('python3 is missing: no terminal to try it on')
      return t.pass()
    }
    await withDatabase(t, ({ url }) =>
      withCliProject(lineOfRevisions(['a', 'b']), async project => {
        widen(project)
        const args = ['upgrade', 'heads', '--url', url]
        check(t, await writtenToTerminal(args, { cwd: project.root, columns: COLUMNS, env }))
      }),
    )
  },
)

test(
  'on a terminal a status says which revision runs and how many are left, within the width',
  onTerminal,
  {},
  (t, written) => {
    const statuses = written.split(CLEAR).filter(text => /\d of \d/.test(text) && !text.includes('\r\n'))
    t.true(statuses.some(status => stripVTControlCharacters(status).startsWith('1 of 2, 1 left: up   a')))
    t.true(statuses.some(status => stripVTControlCharacters(status).startsWith('2 of 2, 0 left: up   b')))
    for (const status of statuses) {
      t.is(sliceAnsi(status, 0, COLUMNS - 1), status, 'it fits, wide characters counted twice')
      t.is(status.split('\x1b[3').length % 2, 1, 'every colour that begins ends')
    }
    t.true(
      stripVTControlCharacters(written).includes(`up   a  ${WIDE}`),
      'a finished revision is shown whole',
    )
  },
)

test('NO_COLOR takes the colours, not the status', onTerminal, { NO_COLOR: '1' }, (t, written) => {
  t.true(written.includes('1 of 2'))
  for (const paint of ['\x1b[2m', '\x1b[3', '\x1b[1m']) t.false(written.includes(paint))
})

test(
  'in CI there is no status and no colour, even on a terminal',
  onTerminal,
  { CI: 'true' },
  (t, written) => {
    t.false(written.includes('\x1b'))
    t.true(written.includes('up   b'))
  },
)

function widen({ write }: CliProject): void {
  const header = (id: string, parents: string) =>
    `-- revision: ${id}\n-- parents: ${parents}\n-- message: ${WIDE}\n`
  write('migrations/a.up.sql', `${header('a', 'none')}\ncreate table a ();\n`)
  write('migrations/b.up.sql', `${header('b', 'a')}\ncreate table b ();\n`)
}
