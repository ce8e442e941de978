import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { RevisionFilesError } from '../../src/errors/revision-errors.ts'
import type { RevisionId } from '../../src/revision/revision.ts'
import { replaceParents, rewriteParents } from '../../src/revision/rewrite-parents.ts'
import { withFolder } from './temporary-folder.ts'

const A = ['a', 'b'] as RevisionId[]

for (const [before, after] of [
  ['-- parents: x\n', '-- parents: a, b\n'],
  ['--PARENTS:x, y ,z  \r\nSELECT 1;\r\n', '--PARENTS:a, b  \r\nSELECT 1;\r\n'],
  ['-- revision: é\r\n\t-- parents :\tnone\r\n', '-- revision: é\r\n\t-- parents :\ta, b\r\n'],
] as const) {
  test(`in ${JSON.stringify(before)} nothing changes but the parents`, t => {
    t.is(replaceParents(before, A), after)
  })
}

test('a file keeps its byte order mark, line ends, mode and the link to it', t => {
  const text = '\uFEFF-- revision: c\r\n-- parents: x\r\n\r\nSELECT $$\n$$;\r'
  withFolder({ 'real.up.sql': text }, folder => {
    const file = join(folder, 'real.up.sql')
    const link = join(folder, 'link.up.sql')
    chmodSync(file, 0o640)
    symlinkSync('real.up.sql', link)
    rewriteParents([{ file: link, parents: [] }])
    t.is(readFileSync(file, 'utf8'), text.replace('parents: x', 'parents: none'))
    t.is(statSync(file).mode & 0o777, 0o640)
    t.true(lstatSync(link).isSymbolicLink())
    t.deepEqual(readdirSync(folder).sort(), ['link.up.sql', 'real.up.sql'])
  })
})

test('no file is changed when one of them cannot be', t => {
  const files = { 'a.up.sql': '-- parents: x\n', 'b.up.sql': '-- revision: b\n', 'c.up.sql': 'a\u0000' }
  withFolder(files, folder => {
    const changes = ['a', 'b', 'c', 'd'].map(stem => ({ file: join(folder, `${stem}.up.sql`), parents: A }))
    const error = t.throws(() => rewriteParents(changes), { instanceOf: RevisionFilesError })
    t.deepEqual(
      error?.problems.map(({ code }) => code),
      ['MISSING_KEY', 'NUL_BYTE', 'UNREADABLE_FILE'],
    )
    t.is(readFileSync(join(folder, 'a.up.sql'), 'utf8'), files['a.up.sql'])
  })
})
