import test from 'ava'
import {
  BackslashCommandError,
  TextAfterCopyError,
  type UnclosedCode,
  UnclosedError,
} from '../../src/errors/script-errors.ts'
import { splitStatements } from '../../src/script/statements.ts'
import { parsedExtents } from './real-parser.ts'

const texts = (script: string) => splitStatements(script).map(({ text }) => text)

const cuts = test.macro<[script: string, expected: readonly string[]]>((t, script, expected) => {
  t.deepEqual(texts(script), expected)
})

const cutsAsPostgres = test.macro<[script: string, expected: readonly string[]]>((t, script, expected) => {
  t.deepEqual(texts(script), expected)
  const extents = splitStatements(script).map(({ start, end }) => ({ start, end }))
  t.deepEqual(extents, parsedExtents(script))
})

const leavesOpen = test.macro<[script: string, code: UnclosedCode, offset: number]>(
  (t, script, code, offset) => {
    const error = t.throws(() => splitStatements(script), { instanceOf: UnclosedError })
    t.is(error.code, code)
    t.is(error.offset, offset)
  },
)

test('a semicolon ends a statement', cutsAsPostgres, 'select 1; select 2;', ['select 1', 'select 2'])
test('the last statement needs no semicolon', cutsAsPostgres, 'select 1;\nselect 2\n', [
  'select 1',
  'select 2',
])
test('an empty script has no statements', cuts, '', [])
test('space, comments and semicolons alone are no statements', cuts, ' ; -- a\n;; /* ; */ ;', [])
test(
  'comments around a statement are not part of it',
  cutsAsPostgres,
  '-- a\n/* b */ select /* c */ 1 -- d\n; -- e',
  ['select /* c */ 1'],
)
test(
  'semicolons in quotes do not count',
  cutsAsPostgres,
  `select ';', ";", $$;$$, $a$;$$;$a$, e'\\';' as ";;"; select 2`,
  [`select ';', ";", $$;$$, $a$;$$;$a$, e'\\';' as ";;"`, 'select 2'],
)
test(
  'semicolons in parentheses do not count',
  cutsAsPostgres,
  'create rule r as on insert to t do (select 1; select 2); select 3',
  ['create rule r as on insert to t do (select 1; select 2)', 'select 3'],
)
test('a closing parenthesis too many does not hide the next semicolon', cuts, 'select 1); select 2', [
  'select 1)',
  'select 2',
])
test(
  'semicolons in a BEGIN ATOMIC body do not count',
  cutsAsPostgres,
  `create or replace function f(a int default case when true then 1 end) returns int begin atomic
     select case a when 1 then 2 else case when true then 3 end end;
     select (case when true then 1 end);
   end; select 2;`,
  [
    `create or replace function f(a int default case when true then 1 end) returns int begin atomic
     select case a when 1 then 2 else case when true then 3 end end;
     select (case when true then 1 end);
   end`,
    'select 2',
  ],
)
test(
  'a procedure has such a body too',
  cutsAsPostgres,
  'Create Procedure p() Begin Atomic; select 1; End; select 2',
  ['Create Procedure p() Begin Atomic; select 1; End', 'select 2'],
)
test('BEGIN elsewhere opens no body', cutsAsPostgres, 'begin; create table begin (a int); end; select 1', [
  'begin',
  'create table begin (a int)',
  'end',
  'select 1',
])
test(
  'characters beyond the basic plane keep offsets right',
  cutsAsPostgres,
  '/* 𝒳 */ select \'𝒳;é\' as "𝒳"; select 𝒳;',
  [`select '𝒳;é' as "𝒳"`, 'select 𝒳'],
)

test('a statement knows its words in upper case, without those in quotes, parentheses and comments', t => {
  const [statement] = splitStatements('/* a */ create -- b\n unique index "c" on d (e) where f')
  t.deepEqual(statement?.words, ['CREATE', 'UNIQUE', 'INDEX', 'ON', 'D', 'WHERE', 'F'])
})

test('only ASCII letters make a keyword', t => {
  t.deepEqual(splitStatements('ſelect ıf')[0]?.words, ['ſELECT', 'ıF'])
})

test('a plain string is cut by the rule for backslashes that is asked for', t => {
  const script = "select '\\'; -- '"
  t.deepEqual(texts(script), ["select '\\'"])
  t.is(splitStatements(script, { standardConformingStrings: false })[0]?.text, script)
})

const copies = test.macro<[script: string, data: string, after: readonly string[]]>(
  (t, script, data, after) => {
    const [copy, ...rest] = splitStatements(script)
    t.is(copy?.copyData && script.slice(copy.copyData.start, copy.copyData.end), data)
    t.deepEqual(
      rest.map(({ text }) => text),
      after,
    )
  },
)

test(
  'COPY … FROM stdin knows its data',
  copies,
  "copy t (a, b) from stdin;\n1\t'\n\\N\t;\n\\.\nselect 1;",
  "1\t'\n\\N\t;\n",
  ['select 1'],
)
test('its data may have CRLF line ends', copies, 'COPY t FROM STDIN;\r\n1\r\n\\.\r\nselect 1', '1\r\n', [
  'select 1',
])
test('its data may be empty', copies, 'copy t from stdin;\n\\.\n', '', [])
test('its data may end with the script', copies, 'copy t from stdin;\n1\n\\.', '1\n', [])
test(
  'only a whole line ends its data',
  copies,
  'copy t from stdin;\n\\.x\nx\\.\n \\.\n\\.\n;',
  '\\.x\nx\\.\n \\.\n',
  [],
)
test('a comment may follow it on its line', copies, 'copy t from stdin; -- a;\n1\n\\.\n', '1\n', [])
test(
  'its table may be named in full',
  copies,
  'copy binary "a".b.c from stdin with (format csv) where d > 1;\n1\n\\.\n',
  '1\n',
  [],
)
test('stdout means the same in it', copies, 'copy t from stdout;\n1\n\\.\n', '1\n', [])

test(
  'other COPY commands have no data',
  cuts,
  "copy t to stdout; copy t from 'stdin'; copy (select stdin from stdin) to stdout",
  ['copy t to stdout', "copy t from 'stdin'", 'copy (select stdin from stdin) to stdout'],
)

test('SQL after COPY … FROM stdin on its line is refused', t => {
  const error = t.throws(() => splitStatements('copy t from stdin; select 1;\n\\.\n'), {
    instanceOf: TextAfterCopyError,
  })
  t.is(error.code, 'TEXT_AFTER_COPY')
  t.is(error.offset, 19)
})

const refusesCommand = test.macro<[script: string, command: string, offset: number]>(
  (t, script, command, offset) => {
    const error = t.throws(() => splitStatements(script), { instanceOf: BackslashCommandError })
    t.is(error.command, command)
    t.is(error.offset, offset)
    t.true(error.message.includes(command))
  },
)

test(
  'a backslash command is refused by name',
  refusesCommand,
  'select 1;\n\\connect other\n',
  '\\connect',
  10,
)
test('a backslash command within a statement is refused', refusesCommand, 'select 1 \\gset\n', '\\gset', 9)
test(
  'a semicolon that does not end its statement is refused',
  refusesCommand,
  'select 1\\; select 2;',
  '\\;',
  8,
)
test('an end of data without COPY is refused', refusesCommand, 'select 1;\n\\.\n', '\\.', 10)

test('a string without its end is named', leavesOpen, "select 1; select 'a;", 'UNCLOSED_STRING', 17)
test('a quoted identifier without its end is named', leavesOpen, 'select "a', 'UNCLOSED_IDENTIFIER', 7)
test(
  'a dollar quote without its end is named',
  leavesOpen,
  'do $a$ begin end $b$;',
  'UNCLOSED_DOLLAR_QUOTE',
  3,
)
test('a comment without its end is named', leavesOpen, 'select 1; /* /* */', 'UNCLOSED_COMMENT', 10)
test(
  'the outermost open parenthesis is named',
  leavesOpen,
  'select (1 + (2); select 3;',
  'UNCLOSED_PARENTHESIS',
  7,
)
test(
  'a body without its END is named',
  leavesOpen,
  'create function f() begin atomic select 1; select 2;',
  'UNCLOSED_BODY',
  20,
)
test(
  'COPY data without their end are named',
  leavesOpen,
  'select 1; copy t from stdin;\n1\n',
  'UNCLOSED_COPY_DATA',
  10,
)
test('COPY at the end of the script has no data', leavesOpen, 'copy t from stdin', 'UNCLOSED_COPY_DATA', 0)
