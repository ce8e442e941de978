import assert from 'node:assert/strict'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { checksumOf } from '../../src/revision/body-checksum.ts'
import { decodeText } from '../../src/revision/decode.ts'
import { readFileData } from '../../src/revision/file-data.ts'
import { readLargeText } from '../../src/revision/large-text.ts'
import { expandScript } from '../../src/script/expand.ts'
import { type GappedText, partsOf } from '../../src/script/gaps.ts'
import { keptText, readKeptText, statementIdentity } from '../../src/script/kept-text.ts'
import { locate } from '../../src/script/pieces.ts'
import { splitStatements } from '../../src/script/statements.ts'
import { withFolder } from './temporary-folder.ts'

/** What reading gives of a file, whatever its size: as a small one, and as a large one. */
function readBothWays<T>(content: string | Uint8Array, use: (small: GappedText, large: GappedText) => T): T {
  return withFolder({ 'a.sql': content }, folder => {
    const small = decodeText(Buffer.from(content))
    const large = readAsLarge(join(folder, 'a.sql'))
    if ('problems' in small || 'problems' in large) throw new Error('the file is faulty')
    return use(small, large)
  })
}

function readAsLarge(file: string): ReturnType<typeof readLargeText> {
  const descriptor = openSync(file, 'r')
  try {
    return readLargeText(descriptor, file)
  } finally {
    closeSync(descriptor)
  }
}

/** A text with what lies in its gaps. */
function filled(text: GappedText): string {
  const parts = [...partsOf(text)].map(part =>
    typeof part === 'string' ? part : Buffer.concat([...readFileData(part)]).toString(),
  )
  return parts.join('')
}

/** What a script consists of and where that stands, or what is wrong with it. */
function understood(text: GappedText): unknown {
  const expansion = expandScript(
    { file: 'a.sql', ...text },
    { variables: new Map(), readInclude: () => ({ problems: [] }) },
  )
  if (expansion.problems.length > 0) return expansion.problems
  return splitStatements(expansion.text).map(statement => ({
    identity: statementIdentity(expansion, statement),
    place: locate(expansion.pieces, statement.start),
    words: statement.words,
  }))
}

/** What never ends can never be applied, so that no checksum is compared with that of another reading. */
function endsInData({ text, gaps = [] }: GappedText): boolean {
  return gaps.at(-1)?.at === text.length
}

const STRETCHES = [
  'select 1;\n',
  "select 'copy t from stdin;\n1\n';\n",
  'select $$copy t from stdin;\n1\n\\.\n$$;\r\n',
  '-- copy t from stdin;\n',
  '/* copy t\nfrom stdin; */ select 2;\n',
  'copy t to stdout;\n',
  "set standard_conforming_strings = off;\nselect '\\';\ncopy t from stdin;\n1\n';\n",
  "reset standard_conforming_strings; select '\\';\n",
  'copy t from stdin;\n1\té\n2\t😀\n\\.\n',
  'COPY t (a, b)\nFROM stdin; -- why\r\na\r\n\\N\r\n.\\.\r\n\\.x\r\n\\.\r\n',
  'copy t from stdin;\n\\.\n',
  'copy t from stdin;\n\ufeff\n\r\r\n\\.\n',
  "\\if true\ncopy t from stdin;\nit's\n\\.\n\\endif\n",
  "\\if false\ncopy t from stdin;\nits\n\\.\n\\else\nselect 'x';\n\\endif\n",
  'create function f() returns int begin atomic select 1; end;\n',
  'select 3\n',
  '\n\n',
  '\ufeff',
  ";select 'é' from t;\n",
]

test('a script is the same however it is read', t => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...STRETCHES), { maxLength: 12 }), stretches => {
      readBothWays(stretches.join(''), (small, large) => {
        assert.equal(filled(large), small.text)
        assert.deepEqual(understood(large), understood(small))
        if (!endsInData(large)) assert.equal(checksumOf(large), checksumOf(small))
      })
    }),
    { numRuns: 200, seed: 6 },
  )
  t.pass()
})

test('the data of a COPY leave a gap, and nothing else does', t => {
  readBothWays('select 1;\ncopy t from stdin;\n1\r\n2\n\\.\nselect 2;\n', (_, { text, gaps = [] }) => {
    t.is(text, 'select 1;\ncopy t from stdin;\n\\.\nselect 2;\n')
    t.like(gaps, [{ semicolon: 27, at: 29, data: { lines: 2, bytes: 4, range: { from: 29, to: 34 } } }])
  })
})

const CHUNK = 64 * 1024

for (const [what, ending] of [
  ['a line end', 'é\n\\.\n'],
  ['CRLF', 'é\r\n\\.\r\nselect 1;'],
  ['the end of the file', '\n\\.'],
  ['the end of the file after a CR', '\n\\.\r'],
  ['characters of several bytes', '😀é😀\n\\.\n'],
  ['what only begins like the end mark', '\n\\.\rx\n\\.x\n\\.\n'],
] as const) {
  test(`the end of data is found wherever reading pauses: ${what}`, t => {
    for (let before = 0; before < 12; before++) {
      const script = `copy t from stdin;\n${'x'.repeat(CHUNK - before)}${ending}`
      readBothWays(script, (small, large) => {
        t.is(filled(large), small.text)
        t.is(checksumOf(large), checksumOf(small))
        t.is(large.text, small.text.replace(/;\n[\s\S]*?\n(?=\\\.(\r?\n|\r?$))/, ';\n'))
      })
    }
  })
}

test('a byte order mark is left out, and one further down is not', t => {
  const script = `\ufeff${'select 1;\n'.repeat(20_000)}\ufeffcopy t from stdin;\n1\n\\.\n`
  readBothWays(script, (small, large) => t.is(filled(large), small.text))
})

test('a statement that is longer than what is read at once is read whole', t => {
  const script = `select '${'x;\n'.repeat(100_000)}';\ncopy t from stdin;\n1\n\\.\nselect 2`
  readBothWays(script, (small, large) => {
    t.is(filled(large), small.text)
    t.is(large.gaps?.length, 1)
  })
})

for (const [what, content, problem] of [
  ['in the SQL', ['select 1;\ncopy t from stdin;\n1\n2\n\\.\n', [0xff]], { code: 'NOT_UTF8', line: 6 }],
  ['in the data', ['select 1;\ncopy t from stdin;\n1\n', [0xff]], { code: 'NOT_UTF8', line: 4 }],
  [
    'in the data after a pause',
    [`copy t from stdin;\n1\n${'x'.repeat(CHUNK)}\n`, [0]],
    { code: 'NUL_BYTE', line: 4 },
  ],
] as const) {
  test(`bytes that are no text are found ${what}, with their line`, t => {
    const [before, bytes] = content
    const file = Buffer.concat([Buffer.from(before), Buffer.of(...bytes), Buffer.from('\n\\.\n')])
    withFolder({ 'a.sql': file }, folder => {
      const read = readAsLarge(join(folder, 'a.sql'))
      t.like('problems' in read && read.problems, [problem])
    })
  })
}

test('data that do not end are an error at their COPY, and not in memory', t => {
  const script = 'copy t from stdin;\n1\n\\.\n\ncopy u from stdin;\n1\n2\n'
  readBothWays(script, (small, large) => {
    t.is(large.text, 'copy t from stdin;\n\\.\n\ncopy u from stdin;\n')
    t.deepEqual(understood(large), understood(small))
    t.like(understood(large), [{ code: 'UNCLOSED_COPY_DATA', line: 5 }])
  })
})

test('what is kept of a script is read back as the same statements', t => {
  const script = 'select 1;\ncopy t from stdin; -- why\n1\r\n2\n\\.\ncopy u from stdin;\n3\n\\.\nselect 2;\n'
  readBothWays(script, (small, large) => {
    const kept = keptText(large)
    t.regex(kept, /^copy t from stdin \(\n\\left_out 2 lines, 4 bytes, SHA-256 [\da-f]{64}\n\);$/m)
    t.is(keptText(small), small.text)
    const again = readKeptText(kept)
    const identities = (text: Parameters<typeof statementIdentity>[0]) =>
      splitStatements(text.text).map(statement => statementIdentity(text, statement))
    t.deepEqual(identities(again), identities(small))
    t.is(keptText(again), kept)
    t.throws(() => splitStatements(kept), { code: 'BACKSLASH_COMMAND', message: /does not keep data/ })
  })
})
