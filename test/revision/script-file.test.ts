import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { RevisionFilesError } from '../../src/errors/revision-errors.ts'
import { checksumOf } from '../../src/revision/body-checksum.ts'
import { parseScript, readScript } from '../../src/revision/script-file.ts'
import { withFolder } from './temporary-folder.ts'

const BODY = 'CREATE TABLE a (b int);\nSELECT 1;\n'

function checksum(text: string): string {
  return checksumOf({ text: text.slice(parseScript(text, 'a.up.sql').bodyStart) })
}

test('a script is its text, its header and where its body starts, and the checksum is of the body', t => {
  const text = `-- revision: a\n-- transaction: off\n\n${BODY}`
  withFolder({ 'a.up.sql': text }, folder => {
    const script = readScript(join(folder, 'a.up.sql'))
    t.is(script.text, text)
    t.is(script.text.slice(script.bodyStart), BODY)
    t.is(script.transaction, 'off')
    t.is<string | undefined, string>(script.header.revision, 'a')
    t.is(checksumOf({ text: BODY }), createHash('sha256').update(BODY.trim()).digest('hex'))
  })
})

test('a script runs in a transaction unless its header says otherwise', t => {
  t.is(parseScript(BODY, 'a').transaction, 'on')
})

test('the byte order mark is not a part of the text', t => {
  withFolder({ 'a.up.sql': `\uFEFF-- revision: a\r\nSELECT 1;\r\n` }, folder => {
    t.is(readScript(join(folder, 'a.up.sql')).text, '-- revision: a\r\nSELECT 1;\r\n')
  })
})

for (const [what, text] of [
  ['other parents', `-- revision: a\n-- parents: q, r\n\n${BODY}`],
  ['no header', BODY],
  ['ordinary comments and blank lines above the SQL', `-- revision: a\n\n\n-- why\n\n${BODY}`],
  ['CRLF', `-- revision: a\r\n\r\n${BODY.replaceAll('\n', '\r\n')}`],
  ['no line end at its end', `-- revision: a\n${BODY.trimEnd()}`],
  ['blank lines at its end', `-- revision: a\n${BODY}\n \t\n`],
] as const) {
  test(`the checksum is the same with ${what}`, t => {
    t.is(checksum(text), checksum(`-- revision: a\n-- parents: b\n\n${BODY}`))
  })
}

test('the checksum changes with the SQL, its comments and its inner spacing', t => {
  const others = [BODY.replace('1', '2'), BODY.replace(';', '; -- x'), BODY.replace(' a ', '  a '), '']
  t.is(new Set([BODY, ...others].map(checksum)).size, 5)
})

test('bytes that cannot be run are refused with all their lines', t => {
  const bytes = Buffer.concat([Buffer.from('-- revision: a\n\u0000\n'), Buffer.from([0xff, 0x0a])])
  withFolder({ 'a.up.sql': bytes }, folder => {
    const file = join(folder, 'a.up.sql')
    const error = t.throws(() => readScript(file), { instanceOf: RevisionFilesError })
    t.is(error?.code, 'BROKEN_REVISION_FILES')
    t.deepEqual(
      error?.problems.map(problem => [problem.code, problem.file, problem.line]),
      [
        ['NOT_UTF8', file, 3],
        ['NUL_BYTE', file, 2],
      ],
    )
  })
})

test('a NUL byte far behind the header is found when the script is read', t => {
  withFolder({ 'a.up.sql': `-- revision: a\n${'SELECT 1;\n'.repeat(10_000)}\u0000` }, folder => {
    const error = t.throws(() => readScript(join(folder, 'a.up.sql')), { instanceOf: RevisionFilesError })
    t.is(error?.problems[0]?.line, 10_002)
  })
})

test('a file that is gone, or is a folder, is an error that names it', t => {
  withFolder({}, folder => {
    for (const file of [join(folder, 'gone.up.sql'), folder]) {
      const error = t.throws(() => readScript(file), { instanceOf: RevisionFilesError })
      t.is(error?.problems[0]?.code, 'UNREADABLE_FILE')
      t.is(error?.problems[0]?.file, file)
    }
  })
})

test('an error shows every problem with its place, and no terminal escape', t => {
  const error = new RevisionFilesError([
    { code: 'A', message: 'First.', file: 'a\u001b[31m.up.sql', line: 3, column: 4 },
    { code: 'B', message: 'Second.', file: 'b.up.sql' },
  ])
  t.is(
    error.message,
    'The revision files have 2 problems:\n  a\\u{1b}[31m.up.sql:3:4: First.\n  b.up.sql: Second.',
  )
})

test('the checksum that docs/format.md shows is that of its example', t => {
  const page = readFileSync('docs/format.md', 'utf8')
  const [, example = ''] = /```sql\n(.*?)```/s.exec(page) ?? []
  t.true(page.includes(`\`${checksum(example)}\``))
})
