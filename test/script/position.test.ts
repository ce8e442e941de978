import test from 'ava'
import { lineAndColumn, offsetOfPosition } from '../../src/script/position.ts'

const isAt = test.macro<[text: string, offset: number, line: number, column: number, lineText: string]>(
  (t, text, offset, line, column, lineText) => {
    t.deepEqual(lineAndColumn(text, offset), { line, column, lineText })
  },
)

test('the first character is at line 1, column 1', isAt, 'ab\ncd', 0, 1, 1, 'ab')
test('a line feed is the last column of its line', isAt, 'ab\ncd', 2, 1, 3, 'ab')
test('what follows a line feed starts a line', isAt, 'ab\ncd', 3, 2, 1, 'cd')
test('an empty text has one empty line', isAt, '', 0, 1, 1, '')
test('the end of a text that ends in a line feed is an empty line', isAt, 'a\n', 2, 2, 1, '')
test('an offset past the end is the end', isAt, 'ab\ncd', 99, 2, 3, 'cd')
test('a carriage return before a line feed is not in the line', isAt, 'a\r\nb\r\nc', 3, 2, 1, 'b')
test('a tab is one column', isAt, '\t\ta', 2, 1, 3, '\t\ta')
test('a character of two UTF-16 units is one column', isAt, '𝒳é😀x', 5, 1, 4, '𝒳é😀x')

test('a position counts characters, not UTF-16 units', t => {
  const text = "select '𝒳é😀' x"
  t.is(text.slice(offsetOfPosition(text, 14)), 'x')
  t.is(offsetOfPosition(text, 1), 0)
})

test('a position one past the end, as for an error at the end of input, is the end', t => {
  t.is(offsetOfPosition('a😀', 3), 3)
  t.is(offsetOfPosition('a😀', 99), 3)
})
