import test from 'ava'
import fc from 'fast-check'
import { NulCharacterError } from '../../src/errors/script-errors.ts'
import { type Expansion, expandScript } from '../../src/script/expand.ts'
import { withIncludes } from '../../src/script/include.ts'
import { locate } from '../../src/script/pieces.ts'
import { plainStatements } from '../../src/script/plain-text.ts'

interface Given {
  readonly variables?: Readonly<Record<string, string>>
  /** What can be included, by the path as it is written. */
  readonly files?: Readonly<Record<string, string>>
}

function readFrom(files: Given['files'] = {}) {
  return ({ path }: { readonly path: string }) => {
    const text = files[path]
    return text === undefined
      ? { problems: [{ code: 'INCLUDE_MISSING', message: 'No.' }] }
      : { file: path, text }
  }
}

function expand(text: string, { variables = {}, files }: Given = {}): Expansion {
  const options = { variables: new Map(Object.entries(variables)), readInclude: readFrom(files) }
  return expandScript({ file: 'a.up.sql', text }, options)
}

const becomes = test.macro<[text: string, expected: string, given?: Given]>((t, text, expected, given) => {
  const { text: expanded, problems } = expand(text, given)
  t.deepEqual(problems, [])
  t.is(expanded, expected)
})

/** `CODE line:column` of every problem, with the file where it is an included one. */
const isRefused = test.macro<[text: string, expected: readonly string[], given?: Given]>(
  (t, text, expected, given) => {
    const { problems } = expand(text, given)
    t.deepEqual(
      problems.map(
        ({ code, file, line, column }) => `${code} ${file === 'a.up.sql' ? '' : `${file}:`}${line}:${column}`,
      ),
      expected,
    )
  },
)

const nasty = `it's "a" $$ \\ ;\nnew`

test(
  'a script without psql language stays as it is',
  becomes,
  "select 'a:b', x::int;\r\n",
  "select 'a:b', x::int;\r\n",
)
test(
  'a value is written as SQL, as a literal or as an identifier',
  becomes,
  'select :a, :\'a\', :"a", :{?a};',
  'select x, \'x\', "x", TRUE;',
  {
    variables: { a: 'x' },
  },
)
test(
  'quotes, newlines, dollars and backslashes in a value stay in their literal',
  becomes,
  "select :'v';",
  `select  E'it''s "a" $$ \\\\ ;\nnew';`,
  {
    variables: { v: nasty },
  },
)
test(
  'quotes in a value stay in their identifier',
  becomes,
  'select :"v";',
  'select "it\'s ""a"" $$ \\ ;\nnew";',
  {
    variables: { v: nasty },
  },
)
test(
  'what psql leaves alone is left alone',
  becomes,
  'select \':a\', $$:a$$, ":a", b::a, b:=a /* :a */; -- :a',
  'select \':a\', $$:a$$, ":a", b::a, b:=a /* :a */; -- :a',
  {
    variables: { a: 'x' },
  },
)
test('a value is read again, but not within itself', becomes, ':a;', 'select 1 :a;', {
  variables: { a: 'select :b :a', b: '1' },
})
test('a quote may open in a value and close behind it', becomes, "select :a b';", "select 'a b';", {
  variables: { a: "'a" },
})
test(
  'a comment that a value makes ends with its statement',
  becomes,
  'select 2 -:n;\nselect 3;',
  'select 2 --1;\n;\nselect 3;',
  { variables: { n: '-1' } },
)
test('a value may hold commands', becomes, ':a\n:b;', '\nselect 1;', {
  variables: { a: "\\set b 'select 1'" },
})
test(
  'a value is joined from arguments, quotes taken off',
  becomes,
  "\\set a 1 'b''c' \"d e\" :x;\n:'a'",
  "\n'1b''c\"d e\"y;'",
  {
    variables: { x: 'y' },
  },
)
test('a double backslash ends a command within its line', becomes, '\\set a 1 \\\\ select :a;', ' select 1;')
test(
  '\\; is a semicolon and \\: a colon',
  becomes,
  'select 1 \\; select 2 \\:\\: int;',
  'select 1 ; select 2 :: int;',
)
test(
  'only the branch that is true is taken',
  becomes,
  '\\if :{?a}\na\n\\elif yes\nb\n\\elif 1\nc\n\\else\nd\n\\endif\ne',
  '\nb\n\ne',
)
test(
  'a branch that is not taken may hold anything that can be lexed',
  becomes,
  '\\if 0\n\\foo \\set a `x`\n(:b\n\\i gone\n\\endif\n:{?a}',
  '\nFALSE',
)
test(
  'the data of COPY stay as they are',
  becomes,
  "copy t from stdin;\n:a\t\\N it's\n\\.\n:a",
  "copy t from stdin;\n:a\t\\N it's\n\\.\nx",
  {
    variables: { a: 'x' },
  },
)
test(
  'a file that is included right behind the data of COPY does not join them',
  becomes,
  'copy t from stdin;\n1\n\\.\n\\ir b.sql\n',
  'copy t from stdin;\n1\n\\.\nselect 1;\n;\n\n',
  { files: { 'b.sql': 'select 1;' } },
)
test(
  'strings are read as the statements before have set it, in an included file too',
  becomes,
  "\\ir b.sql\nselect 'it\\'s :a';\nreset standard_conforming_strings;\nselect '\\', :'a';",
  "set standard_conforming_strings to off;\n;\n\nselect 'it\\'s :a';\nreset standard_conforming_strings;\nselect '\\', 'x';",
  { variables: { a: 'x' }, files: { 'b.sql': 'set standard_conforming_strings to off;' } },
)
test(
  'an include ends its last statement, and one around it goes on behind it',
  becomes,
  'select\n\\ir b.sql\n1;',
  'select 2 -- c\n;\nselect\n\n1;',
  {
    files: { 'b.sql': 'select 2 -- c' },
  },
)
test(
  'an included file sees variables, and sets them',
  becomes,
  '\\set a 1\n\\i b.sql\n:b;',
  '\n1;\n;\n\n2;',
  {
    files: { 'b.sql': ':a;\\set b 2' },
  },
)

const FRAGMENTS = [
  ...[
    "'",
    '"',
    '$$',
    '$a$',
    '(',
    ')',
    ';',
    '--',
    '/*',
    '*/',
    '\n',
    '\r',
    ' ',
    ':',
    '::',
    ':=',
    'x',
    '1',
    '-',
    "e'",
  ],
  ...[
    'create function f()',
    'begin atomic',
    'case',
    'end',
    'copy t from stdin',
    '-- a: b\n',
    'select',
    '\ufeff',
  ],
  'set standard_conforming_strings = off;',
]

test('what says nothing in psql language becomes what reading all of it as psql makes of it', t => {
  const text = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 20 }).map(parts => parts.join(''))
  const seen = { plain: 0 }
  fc.assert(
    fc.property(text, written => {
      const options = { variables: new Map([['x', 'y']]), readInclude: readFrom() }
      const whole = { file: 'a', text: written }
      const statements = plainStatements(whole, {})
      if (!statements) return
      seen.plain++
      // A backslash in a comment does nothing but make every token be read.
      const read = expandScript({ file: 'a', text: `${written}\n--\\` }, options)
      const asItIs = { ...read, text: written, pieces: [], statements }
      t.deepEqual({ ...expandScript(whole, options), pieces: [] }, asItIs)
      t.is(read.text, `${written}\n--\\`)
      t.is(read.pieces.length, 1)
    }),
    { numRuns: 3000 },
  )
  t.true(seen.plain > 300)
})

test('variables that are not set stay, and are reported where they are first', t => {
  const { text, unset } = expand('select :a,\n:"b", :{?c}, :a')
  t.is(text, 'select :a,\n:"b", FALSE, :a')
  t.deepEqual(
    unset.map(({ name, place }) => [name, place.line, place.column]),
    [
      ['a', 1, 8],
      ['b', 2, 1],
    ],
  )
})

test('what is echoed is given in its order', t => {
  t.deepEqual(expand("\\echo a  :x 'b  c'\n\\echo -n d\n\\echo", { variables: { x: 'y' } }).echoes, [
    'a y b  c',
    'd',
    '',
  ])
})

test('every place of the expanded text is known in the files it came from', t => {
  const { text, pieces } = expand('select :a;\n\\ir b.sql\nselect 3;', {
    variables: { a: '11111' },
    files: { 'b.sql': '\nselect 2;\n' },
  })
  const placeOf = (part: string) => {
    const { file, line, column } = locate(pieces, text.indexOf(part))
    return `${file}:${line}:${column}`
  }
  t.is(placeOf('111;'), 'a.up.sql:1:8')
  t.is(placeOf('2;'), 'b.sql:2:8')
  t.is(placeOf('3;'), 'a.up.sql:3:8')
})

test('an unclosed string is refused where it opens', isRefused, "select 1;\n 'a", ['UNCLOSED_STRING 2:2'])
test('an unclosed dollar quote is refused where it opens', isRefused, '\n$a$ $b$', [
  'UNCLOSED_DOLLAR_QUOTE 2:1',
])
test('an unclosed comment is refused where it opens', isRefused, '/* /* */', ['UNCLOSED_COMMENT 1:1'])
test(
  'an unclosed quote of a value is refused where the value is used',
  isRefused,
  'select 1,\n :a',
  ['UNCLOSED_STRING 2:2'],
  {
    variables: { a: "  'x" },
  },
)
test(
  'an unclosed \\if is refused where it opens, in its own file',
  isRefused,
  '\\if 1\n\\ir b\n\\endif',
  ['UNCLOSED_IF b:2:1'],
  {
    files: { b: '\n\\if 1' },
  },
)
test('COPY data without an end are refused', isRefused, 'copy t from stdin;\n1\n', ['UNCLOSED_COPY_DATA 1:1'])
test(
  'a parenthesis that is open at the end of an include is refused there',
  isRefused,
  '\\ir b\n);',
  ['UNCLOSED_PARENTHESIS b:1:8'],
  {
    files: { b: 'select (' },
  },
)
test(
  'an unclosed argument, a backquote and a missing argument are refused',
  isRefused,
  "\\set a 'b\n\\set a `date`\n\\i\n\\unset",
  ['UNCLOSED_ARGUMENT 1:8', 'SHELL_BACKQUOTE 2:8', 'MISSING_ARGUMENT 3:1', 'MISSING_ARGUMENT 4:1'],
)
test(
  'names and escapes that mean nothing are refused',
  isRefused,
  "\\set a-b 1\n\\set a '\\xff'\n\\set a '\\0'",
  ['BAD_VARIABLE_NAME 1:1', 'BAD_ESCAPE 2:8', 'BAD_ESCAPE 3:8'],
)
test(
  'conditions that are no condition or stand alone are refused, each once',
  isRefused,
  '\\if maybe\n\\endif\n\\endif\n\\else\n\\if 1\n\\else\n\\else\n\\endif',
  ['BAD_CONDITION 1:1', 'MISPLACED_CONDITION 3:1', 'MISPLACED_CONDITION 4:1', 'MISPLACED_CONDITION 7:1'],
)
test('every other command is refused', isRefused, 'select 1 \\gexec\n\\connect b\n \\.', [
  'BACKSLASH_COMMAND 1:10',
  'BACKSLASH_COMMAND 2:1',
  'BACKSLASH_COMMAND 3:2',
])
test('a missing include is refused where it is included', isRefused, '\\ir b', ['INCLUDE_MISSING b:2:3'], {
  files: { b: '\n  \\ir c' },
})

test('a refused command says what to do', t => {
  const messages = expand('\\connect b\n\\copy t from x\n\\foo').problems.map(({ message }) => message)
  t.regex(messages[0] ?? '', /\\connect .*remove the line/)
  t.regex(messages[1] ?? '', /COPY … FROM stdin/)
  t.regex(messages[2] ?? '', /\\foo .*\\set, \\unset/)
})

test('a loop of includes is shown as its path', t => {
  const { problems } = expand('\\ir b', { files: { b: '\\ir c', c: '\n\\ir b' } })
  t.deepEqual(problems, [
    { code: 'INCLUDE_LOOP', message: 'The file includes itself: b → c → b.', file: 'c', line: 2, column: 1 },
  ])
})

test('a value with a NUL is refused', t => {
  t.throws(() => expand(':a', { variables: { a: '\0' } }), { instanceOf: NulCharacterError })
})

test('the text with includes depends on no variable', t => {
  const files = { b: 'b :x\n\\ir c', c: 'C', loop: '\\i loop' }
  const text = ":x\n\\if :x\n\\ir b\n\\endif\n\\ir :x\n\\ir gone\n-- \\ir c\n'\\ir c'\n\\i 'c';\n\\i loop"
  const expected = ":x\n\\if :x\nb :x\nC\n\\endif\n\\ir :x\n\\ir gone\n-- \\ir c\n'\\ir c'\nC\n\\i loop"
  t.is(withIncludes({ file: 'a', text }, readFrom(files)).text, expected)
})
