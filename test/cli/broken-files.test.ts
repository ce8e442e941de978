import test from 'ava'
import { type Files, lineOfRevisions, withCliProject } from '../support/cli.ts'
import { assertRefused, filesOf, type Refusal } from '../support/refusal.ts'

const UNREACHABLE = 'postgres://nobody@localhost:1/nowhere'

/** Every command reads the files before it goes to a database; this url would fail with another code. */
const refuses = test.macro(async (t, files: Files, refusal: Refusal, typed?: readonly string[]) => {
  const args = typed ?? ['upgrade', 'heads']
  await withCliProject(files, async project => {
    const before = filesOf(project)
    const answer = await project.run([...args, '--json'], { env: { SQLBRAID_URL: UNREACHABLE } })
    assertRefused(t, answer, refusal)
    t.deepEqual(filesOf(project), before)
  })
})

const broken = (...names: Refusal['names']): Refusal => ({ exit: 2, code: 'BROKEN_REVISION_FILES', names })
const up = (text: string | Uint8Array, id = 'a'): Files => ({ [`migrations/${id}.up.sql`]: text })

test('a folder that is not there is named', refuses, {}, broken('migrations', 'no such folder'))

test(
  'a folder without revisions is named',
  refuses,
  { 'migrations/README': '' },
  { exit: 2, code: 'NO_REVISIONS', names: ['migrations'] },
)

test(
  'an id that two files claim is named with both files',
  refuses,
  {
    ...up('-- revision: a\n-- parents: none\n', 'one'),
    ...up('-- revision: a\n-- parents: none\n', 'two'),
  },
  broken('Revision a', 'one.up.sql', 'two.up.sql:1'),
)

test(
  'an unknown parent is named with the line that names it',
  refuses,
  up('-- revision: a\n-- parents: nobody\n'),
  broken('migrations/a.up.sql:2', 'nobody'),
)

test(
  'a cycle is shown as its path',
  refuses,
  {
    ...up('-- revision: a\n-- parents: c\n', 'a'),
    ...up('-- revision: b\n-- parents: a\n', 'b'),
    ...up('-- revision: c\n-- parents: b\n', 'c'),
  },
  broken(/(a → b → c → a|a → c → b → a|b → .* → b|c → .* → c)/),
)

test(
  'a file without a header is named',
  refuses,
  up('create table t ();\n'),
  broken('migrations/a.up.sql:1', 'no header'),
)

test(
  'a near miss of a key names the key that was meant',
  refuses,
  up('-- revision: a\n-- parent: none\n'),
  broken('migrations/a.up.sql:2', 'parent', 'parents'),
)

test(
  'a file that is not UTF-8 is named with the line',
  refuses,
  up(Buffer.from("-- revision: a\n-- parents: none\nselect '\xe4';\n", 'latin1')),
  broken('migrations/a.up.sql:3', 'UTF-8'),
)

test(
  'a NUL byte is named with the line',
  refuses,
  up('-- revision: a\n-- parents: none\nselect \0;\n'),
  broken('migrations/a.up.sql:3', 'NUL'),
)

test(
  'a down file without an up file is named',
  refuses,
  { ...up('-- revision: a\n-- parents: none\n'), 'migrations/b.down.sql': '-- revision: b\n' },
  broken('migrations/b.down.sql', 'up.sql'),
)

test(
  'an ambiguous beginning of an id lists the candidates',
  refuses,
  lineOfRevisions(['abc1', 'abc2']),
  { exit: 7, code: 'AMBIGUOUS_ID', names: ['abc', 'abc1', 'abc2'] },
  ['show', 'abc'],
)

const FORK: Files = {
  ...up('-- revision: a\n-- parents: none\n'),
  ...up('-- revision: b\n-- parents: a\n', 'b'),
  ...up('-- revision: c\n-- parents: a\n', 'c'),
}

test(
  'head lists the heads when there are several',
  refuses,
  FORK,
  { exit: 7, code: 'MULTIPLE_HEADS', names: ['2 heads', 'b', 'c'] },
  ['upgrade', 'head', '--dry-run', '--from', 'base'],
)

test('an unknown target is named', refuses, FORK, { exit: 2, code: 'UNKNOWN_TARGET', names: ['nothing'] }, [
  'show',
  'nothing',
])

test('all problems are shown at once, each with its place, as text for people', async t => {
  const files = {
    ...up('-- revision: a\n-- parent: none\n'),
    ...up('select 1;', 'b'),
    'migrations/c.down.sql': '',
  }
  await withCliProject(files, async project => {
    const { code, stdout, stderr } = await project.run(['heads'])
    t.is(code, 2)
    t.is(stdout, '')
    for (const place of ['a.up.sql:2', 'b.up.sql:1', 'c.down.sql']) t.true(stderr.includes(place), stderr)
    t.regex(stderr, /^error: /)
  })
})
