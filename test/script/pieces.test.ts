import test from 'ava'
import { locate, type Pieces, wholeSource } from '../../src/script/pieces.ts'

const up = { file: 'migrations/a.up.sql', text: 'select 1;\n\\ir b.sql\nselect :n;\nselect 4;\n' }
const included = { file: 'operations/b.sql', text: '-- b\nselect 2;\n' }

// select 1;\n | -- b\nselect 2;\n | \nselect  | 33333 | ;\nselect 4;\n
const pieces: Pieces = [
  { source: up, sourceStart: 0, sourceEnd: 10, start: 0, end: 10 },
  { source: included, sourceStart: 0, sourceEnd: 15, start: 10, end: 25 },
  { source: up, sourceStart: 19, sourceEnd: 27, start: 25, end: 33 },
  { source: up, sourceStart: 27, sourceEnd: 29, start: 33, end: 38 },
  { source: up, sourceStart: 29, sourceEnd: 41, start: 38, end: 50 },
]

const isIn = test.macro<[offset: number, file: string, line: number, column: number, excerpt: string]>(
  (t, offset, file, line, column, excerpt) => {
    t.deepEqual(locate(pieces, offset), { file, line, column, excerpt })
  },
)

test('a script of one file is located in it', t => {
  t.deepEqual(locate(wholeSource(up), 10), { file: up.file, line: 2, column: 1, excerpt: '\\ir b.sql\n^' })
})

test('an empty script has a place too', t => {
  t.deepEqual(locate(wholeSource({ file: 'a', text: '' }), 0), {
    file: 'a',
    line: 1,
    column: 1,
    excerpt: '\n^',
  })
})

test('text before an include is in the including file', isIn, 7, up.file, 1, 8, 'select 1;\n       ^')
test('included text is in the included file', isIn, 15, included.file, 2, 1, 'select 2;\n^')
test('text after an include is in the including file again', isIn, 26, up.file, 3, 1, 'select :n;\n^')
test(
  'every part of a substituted value is where its variable stands',
  isIn,
  36,
  up.file,
  3,
  8,
  'select :n;\n       ^',
)
test('text after a substituted value is where it is written', isIn, 47, up.file, 4, 8, 'select 4;\n       ^')
test('the end of the script is the end of its last file', isIn, 50, up.file, 5, 1, '\n^')
