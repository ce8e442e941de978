import test from 'ava'
import { type UnclosedCode, UnclosedError } from '../../src/errors/script-errors.ts'
import { type LexerOptions, nextToken } from '../../src/script/lexer.ts'

/** Every token but space, as `kind text`. */
function tokens(text: string, options?: LexerOptions): readonly string[] {
  const found: string[] = []
  for (let offset = 0; offset < text.length; ) {
    const { kind, start, end } = nextToken(text, offset, options)
    if (kind !== 'space') found.push(`${kind} ${text.slice(start, end)}`)
    offset = end
  }
  return found
}

const lexes = test.macro<[text: string, expected: readonly string[], options?: LexerOptions]>(
  (t, text, expected, options) => {
    t.deepEqual(tokens(text, options), expected)
  },
)

const leavesOpen = test.macro<[text: string, code: UnclosedCode, offset: number]>((t, text, code, offset) => {
  const error = t.throws(() => tokens(text), { instanceOf: UnclosedError })
  t.is(error.code, code)
  t.is(error.offset, offset)
})

test('a line comment ends at either kind of line end', lexes, '--a\r1--b\n2--c', [
  'comment --a',
  'number 1',
  'comment --b',
  'number 2',
  'comment --c',
])
test('block comments nest', lexes, '/* a /* b */ c */ d', ['comment /* a /* b */ c */', 'word d'])
test('a slash between comment marks belongs to one of them', lexes, '/*/**/*/*/**/1', [
  'comment /*/**/*/',
  'symbol *',
  'comment /**/',
  'number 1',
])
test('quotes in comments are not quotes', lexes, "-- it's\n/* ' \" $$ */ x", [
  "comment -- it's",
  'comment /* \' " $$ */',
  'word x',
])

test('a doubled quote does not end a string', lexes, "'it''s' 'b'", ["string 'it''s'", "string 'b'"])
test('a backslash in a plain string is itself', lexes, "'a\\' b", ["string 'a\\'", 'word b'])
test(
  'a backslash in a plain string escapes without standard_conforming_strings',
  lexes,
  "'a\\' b' N'\\'' U&'\\' c",
  ["string 'a\\' b'", "string N'\\''", "string U&'\\'", 'word c'],
  { standardConformingStrings: false },
)
test('a backslash in an E string escapes', lexes, "e'a\\'b''c\\\\' d", ["string e'a\\'b''c\\\\'", 'word d'])
test('strings of every prefix are one token', lexes, "b'01' X'ff' N'n' U&'\\0061' u&\"d\\0061\"", [
  "string b'01'",
  "string X'ff'",
  "string N'n'",
  "string U&'\\0061'",
  'identifier u&"d\\0061"',
])
test('a prefix counts only at the start of a word', lexes, "type'a\\' u &'b'", [
  'word type',
  "string 'a\\'",
  'word u',
  'symbol &',
  "string 'b'",
])
test('a string goes on after a newline, past line comments', lexes, "'a' -- x\n  -- y\n 'b;' c", [
  "string 'a' -- x\n  -- y\n 'b;'",
  'word c',
])
test('an E string that goes on keeps its escapes', lexes, "E'a'\n'\\';' b", ["string E'a'\n'\\';'", 'word b'])
test('a string does not go on on its own line', lexes, "'a' 'b'", ["string 'a'", "string 'b'"])
test('a string does not go on past a block comment', lexes, "'a' /**/\n'b'", [
  "string 'a'",
  'comment /**/',
  "string 'b'",
])
test('a quoted identifier holds doubled quotes', lexes, '"a""b;" "" c', [
  'identifier "a""b;"',
  'identifier ""',
  'word c',
])

test('a dollar quote ends at its own tag', lexes, '$a$ $b$ $$ $a $a$ $$;$$', [
  'string $a$ $b$ $$ $a $a$',
  'string $$;$$',
])
test('a dollar inside a word opens nothing', lexes, 'a$b$c', ['word a$b$c'])
test('a dollar before a digit is a parameter', lexes, '$1+$2$x$y$x$', [
  'parameter $1',
  'symbol +',
  'parameter $2',
  'string $x$y$x$',
])
test('a dollar alone is a symbol', lexes, '$ $a', ['symbol $', 'symbol $', 'word a'])
test('a tag may hold letters beyond ASCII', lexes, '$é𝒳$;$é𝒳$ é𝒳', ['string $é𝒳$;$é𝒳$', 'word é𝒳'])

test('comments start inside operators', lexes, '1+--a\n*/*b*/<>/ 2', [
  'number 1',
  'symbol +',
  'comment --a',
  'symbol *',
  'comment /*b*/',
  'symbol <',
  'symbol >',
  'symbol /',
  'number 2',
])
test('numbers of all forms are one token each', lexes, '1 1.5 .5 1. 1e-5 0x1F 1_000 1..10 1e', [
  'number 1',
  'number 1.5',
  'number .5',
  'number 1.',
  'number 1e-5',
  'number 0x1F',
  'number 1_000',
  'number 1',
  'symbol ..',
  'number 10',
  'number 1e',
])
test('an E that belongs to a number is not a prefix', lexes, "1e'\\'", ['number 1e', "string '\\'"])

test('variables come in four forms', lexes, ':a :\'b\' :"c" :{?d} :é1', [
  'variable :a',
  "variable :'b'",
  'variable :"c"',
  'variable :{?d}',
  'variable :é1',
])
test('a cast is not a variable', lexes, 'a::int b:::c d:=e', [
  'word a',
  'symbol ::',
  'word int',
  'word b',
  'symbol ::',
  'variable :c',
  'word d',
  'symbol :=',
  'word e',
])
test('a colon that starts no variable stays alone', lexes, ':\'a b\' :"" :{x} [1: 2]', [
  'symbol :',
  "string 'a b'",
  'symbol :',
  'identifier ""',
  'symbol :',
  'symbol {',
  'word x',
  'symbol }',
  'symbol [',
  'number 1',
  'symbol :',
  'number 2',
  'symbol ]',
])
test('a variable inside quotes or comments is part of them', lexes, '\':a\' ":b" $$:c$$ --:d', [
  "string ':a'",
  'identifier ":b"',
  'string $$:c$$',
  'comment --:d',
])

test('a command runs to the end of its line', lexes, 'select \\set a b;--c\n1', [
  'word select',
  'command \\set a b;--c',
  'number 1',
])
test('a command ends with two backslashes', lexes, '\\set a b \\\\ 1', ['command \\set a b \\\\', 'number 1'])
test('a command ends where the next one starts', lexes, '\\set a 1 \\set b 2', [
  'command \\set a 1 ',
  'command \\set b 2',
])
test('a backslash inside a quoted argument ends no command', lexes, "\\set a 'b\\\\c\\'d' \"e\\\" `f\\`\n1", [
  "command \\set a 'b\\\\c\\'d' \"e\\\" `f\\`",
  'number 1',
])
test('an escaped semicolon or colon is a command of its own', lexes, 'a\\;b\\:c', [
  'word a',
  'command \\;',
  'word b',
  'command \\:',
  'word c',
])

test('a string without its end is named', leavesOpen, "a 'b''", 'UNCLOSED_STRING', 2)
test('an E string that ends in a backslash is named', leavesOpen, "E'b\\", 'UNCLOSED_STRING', 0)
test('a quoted identifier without its end is named', leavesOpen, 'a "b""', 'UNCLOSED_IDENTIFIER', 2)
test('a dollar quote without its end is named', leavesOpen, '$a$ $b$ $$', 'UNCLOSED_DOLLAR_QUOTE', 0)
test('a comment without its end is named', leavesOpen, ' /* /* */', 'UNCLOSED_COMMENT', 1)
