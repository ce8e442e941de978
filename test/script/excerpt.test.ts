import test from 'ava'
import { excerpt } from '../../src/script/excerpt.ts'

const shows = test.macro<[text: string, offset: number, expected: readonly string[], width?: number]>(
  (t, text, offset, expected, width = 100) => {
    t.is(excerpt(text, offset, { width }), expected.join('\n'))
  },
)

test('a caret stands under the character', shows, 'create\ntable x\n', 13, ['table x', '      ^'])
test('the caret stands after the line at its end', shows, 'ab\ncd', 2, ['ab', '  ^'])
test('the caret stands after the text at its end', shows, 'ab\r\ncd', 6, ['cd', '  ^'])
test('tabs are kept under tabs', shows, '\ta\tb', 3, ['\ta\tb', '\t \t^'])
test('wide characters take two columns', shows, "'日本😀' x", 7, ["'日本😀' x", '         ^'])
test('characters beyond the basic plane that are narrow take one', shows, '𝒳x', 2, ['𝒳x', ' ^'])
test('combining marks take none', shows, 'e\u0301x', 2, ['e\u0301x', ' ^'])
test('control characters do not reach the terminal', shows, '\u001b[31mx\u0000\u009b', 5, [
  '\ufffd[31mx\ufffd\ufffd',
  '     ^',
])
test(
  'a long line is cut on both sides of the caret',
  shows,
  '0123456789abcdef',
  8,
  ['…456789ab…', '     ^'],
  8,
)
test('a long line is cut at its end', shows, '0123456789', 1, ['012345…', ' ^'], 6)
test('a long line is cut at its start', shows, '0123456789', 9, ['…456789', '      ^'], 6)
test('a line is never cut within a character', shows, '😀😀😀😀😀😀', 6, ['…😀😀…', '   ^'], 5)
