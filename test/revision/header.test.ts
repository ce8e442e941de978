import test from 'ava'
import { formatHeader, parseHeader } from '../../src/revision/header.ts'

const FULL = `-- revision: 4f1c2ab39d07
-- parents: 9a0b1c2d3e4f, 77aa88bb99cc
-- labels: billing
-- depends: 0d1e2f3a4b5c
-- message: add invoices
-- created: 2026-11-22T12:05:00Z
-- author: Ada
-- transaction: off
-- replaces: a1, a2
-- irreversible: data are gone
-- destructive: agreed with the owner
`

function problemsOf(text: string): string[] {
  return parseHeader(text).problems.map(({ code, line, column }) => `${code} ${line}:${column}`)
}

test('a header with every key is read, and written again as it was', t => {
  const { header, problems, bodyStart } = parseHeader(`${FULL}\nCREATE TABLE a (b int);\n`)
  t.deepEqual(problems, [])
  t.is(bodyStart, FULL.length + 1)
  t.deepEqual<unknown, unknown>(header, {
    revision: '4f1c2ab39d07',
    parents: ['9a0b1c2d3e4f', '77aa88bb99cc'],
    labels: ['billing'],
    depends: ['0d1e2f3a4b5c'],
    message: 'add invoices',
    created: '2026-11-22T12:05:00Z',
    author: 'Ada',
    transaction: 'off',
    replaces: ['a1', 'a2'],
    irreversible: 'data are gone',
    destructive: 'agreed with the owner',
  })
  t.is(formatHeader(header), FULL)
})

for (const line of [
  '-- revision: x1',
  '--revision: x1',
  '-- revision:x1',
  '--  Revision : x1 ',
  '\t --\tREVISION\t:\tx1\t',
  '\n\n-- revision: x1\r\n\r\n',
  '-- revision: x1\rSELECT 1',
]) {
  test(`the spelling ${JSON.stringify(line)} says revision x1`, t => {
    t.is<string | undefined, string>(parseHeader(line).header.revision, 'x1')
    t.deepEqual(problemsOf(line), [])
  })
}

test('"parents: none" makes a base, in any letter case, and "none" empties any other list', t => {
  t.deepEqual(parseHeader('-- parents: none').header.parents, [])
  t.deepEqual(parseHeader('-- parents: None').header.parents, [])
  t.deepEqual(problemsOf('-- parents: none\n-- labels: none\n-- depends: none'), [])
  t.is(parseHeader('-- labels: a').header.parents, undefined)
})

test('a lone carriage return ends a comment, as it does for PostgreSQL, so that no SQL hides in the header', t => {
  const text = '-- revision: a\rDROP TABLE b;\n-- parents: none\n'
  t.is(parseHeader(text).bodyStart, '-- revision: a\r'.length)
  t.is(parseHeader(text).header.parents, undefined)
})

test('the header ends at the first SQL and at a block comment', t => {
  t.is(parseHeader('-- revision: a\n/* x */ -- parents: none\n').bodyStart, 15)
  t.is(parseHeader('-- revision: a\n  SELECT 1;\n-- parents: none\n').header.parents, undefined)
})

for (const [misspelt, key] of [
  ['parent', 'parents'],
  ['parnets', 'parents'],
  ['revison', 'revision'],
  ['Revisoin', 'revision'],
  ['label', 'labels'],
  ['lables', 'labels'],
  ['depend', 'depends'],
  ['mesage', 'message'],
  ['create', 'created'],
  ['autor', 'author'],
  ['transactional', 'transaction'],
  ['irreversable', 'irreversible'],
  ['destructif', 'destructive'],
]) {
  test(`"${misspelt}:" is an error that names the key ${key}`, t => {
    const [problem] = parseHeader(`-- ${misspelt}: on`).problems
    t.is(problem?.code, 'MISSPELT_KEY')
    t.true(problem?.message.includes(`"${key}"`))
    t.is(problem?.line, 1)
    t.is(problem?.column, 4)
  })
}

for (const comment of [
  'note: keep this',
  'Example: x',
  'version: 2',
  'Decision: we keep both',
  'Details: none',
  'reason: speed',
  'safety-assured: yes',
  'sampling: off',
  'Layout: wide',
  'http://example.com/revision: 3',
  'the parent: a table',
  'revision',
  'TODO(ada): x',
]) {
  test(`"-- ${comment}" is an ordinary comment`, t => {
    t.deepEqual(problemsOf(`-- ${comment}`), [])
    t.is(parseHeader(`-- ${comment}`).entries.length, 0)
  })
}

test('all problems of a header are reported at once, each at its line and column', t => {
  t.deepEqual(
    problemsOf(
      [
        '-- revision: head',
        '--',
        '-- parents: ok, not ok,, ä, bäd',
        '-- labels: x',
        '-- labels: y',
        '-- transaction: maybe',
        '-- created: yesterday',
        '-- irreversible:',
        '-- message: \u001b[31mred',
        '-- autor: Ada',
      ].join('\n'),
    ),
    [
      'BAD_IDENTIFIER 1:14',
      'BAD_IDENTIFIER 3:17',
      'BAD_IDENTIFIER 3:24',
      'BAD_IDENTIFIER 3:26',
      'BAD_IDENTIFIER 3:29',
      'DUPLICATE_KEY 5:4',
      'BAD_TRANSACTION 6:17',
      'BAD_CREATED 7:13',
      'MISSING_VALUE 8:17',
      'CONTROL_CHARACTER 9:13',
      'MISSPELT_KEY 10:4',
    ],
  )
})

test('columns count characters, not UTF-16 units', t => {
  t.deepEqual(problemsOf('-- labels: 🐘🐘, b d'), ['BAD_IDENTIFIER 1:12', 'BAD_IDENTIFIER 1:16'])
})

test('a message about a bad value cannot steer the terminal it is printed on', t => {
  const { problems } = parseHeader('-- message: \u001b]0;owned\u0007\n-- revision: \u202Eevil')
  t.is(problems.length, 2)
  for (const { message } of problems) t.notRegex(message, /[\p{Cc}\u202E]/u)
})

test('ids may be names of JavaScript, and may not be reserved words or too long', t => {
  for (const id of ['__proto__', 'constructor', '007', 'a.b', 'x'.repeat(64)]) {
    t.deepEqual(problemsOf(`-- revision: ${id}`), [])
  }
  for (const id of ['head', 'HEADS', 'Base', 'current', 'none', 'x'.repeat(65), 'a-b', 'é', '']) {
    t.deepEqual(problemsOf(`-- revision: ${id}`), ['BAD_IDENTIFIER 1:14'])
  }
})

test('created is checked for its form, not against the calendar', t => {
  t.is(parseHeader('-- created: 0000-00-00T00:00:00Z').header.created, '0000-00-00T00:00:00Z')
  t.deepEqual(problemsOf('-- created: 2026-11-22 12:05:00'), ['BAD_CREATED 1:13'])
})

test('an empty label, dependency or message is as good as none', t => {
  t.deepEqual(problemsOf('-- labels:\n-- depends:\n-- message:\n-- author:\n-- replaces:'), [])
  t.deepEqual(problemsOf('-- parents:\n-- destructive: '), ['MISSING_VALUE 1:12', 'MISSING_VALUE 2:17'])
})

test('a message of several lines, tabs and escapes is written on one line', t => {
  t.is(
    formatHeader({ message: ' add\r\n\tinvoices\u001b[0m \u2028 now ' }),
    '-- message: add invoices [0m now\n',
  )
})
