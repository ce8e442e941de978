import test from 'ava'
import fc from 'fast-check'
import { formatHeader, type Header, parseHeader } from '../../src/revision/header.ts'
import { HEADER_KEYS, type HeaderKey } from '../../src/revision/header-keys.ts'
import { oneLine } from '../../src/revision/one-line.ts'
import { isIdentifier, type RevisionId } from '../../src/revision/revision.ts'

const identifier = fc
  .stringMatching(/^[A-Za-z0-9_.]{1,64}$/)
  .filter((text): text is RevisionId => isIdentifier(text))
const list = fc.array(identifier, { maxLength: 4 })
const line = fc.string({ unit: 'binary' }).map(oneLine)
const filledLine = line.filter(text => text !== '')

const timeout = fc.constantFrom('0', '500ms', '5 s', '2min', '1h')

const header: fc.Arbitrary<Header> = fc.record(
  {
    revision: identifier,
    parents: list,
    labels: list,
    depends: list,
    message: line,
    created: fc.constantFrom('', '0000-00-00T00:00:00Z', '2026-11-22T12:05:00Z'),
    author: filledLine,
    transaction: fc.constantFrom('on', 'off'),
    lock_timeout: timeout,
    statement_timeout: timeout,
    replaces: list,
    irreversible: filledLine,
    destructive: filledLine,
  },
  { requiredKeys: ['labels', 'depends', 'message', 'created', 'replaces'] },
)

test('a header that was written is read as what it was', t => {
  fc.assert(
    fc.property(header, written => {
      const { header: read, problems } = parseHeader(formatHeader(written))
      t.deepEqual(problems, [])
      t.deepEqual(read, written)
    }),
  )
  t.pass()
})

const gap = fc.constantFrom('', ' ', '  ', '\t')
const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n')
const comment = fc.constantFrom('', '--', '-- an ordinary comment', '  -- note: x', '--- revision: y')
const spelling = fc.record({
  indent: gap,
  before: gap,
  after: gap,
  end: lineEnd,
  shout: fc.boolean(),
  comment,
})

test('a header is read as the same however it is spelled, and its canonical text is a fixed point', t => {
  fc.assert(
    fc.property(
      header,
      fc.array(spelling, { minLength: HEADER_KEYS.length, maxLength: HEADER_KEYS.length }),
      (meant, spellings) => {
        const text = formatHeader(meant).replace(/-- (\w+): (.*)\n/g, (_, key: string, value: string) => {
          const how = spellings[HEADER_KEYS.indexOf(key as HeaderKey)]
          if (!how) return ''
          const word = how.shout ? key.toUpperCase() : key
          return `${how.comment}${how.end}${how.indent}--${how.before}${word}${how.after}:${how.after}${value}${how.end}`
        })
        const { header: read, problems, bodyStart } = parseHeader(`${text}SELECT 1`)
        t.deepEqual(problems, [])
        t.deepEqual(read, meant)
        t.is(bodyStart, text.length)
        t.is(formatHeader(parseHeader(formatHeader(read)).header), formatHeader(read))
      },
    ),
  )
  t.pass()
})

test('any text at all is read without throwing, and what was read can be written and read again', t => {
  const piece = fc.oneof(
    fc.constantFrom('--', '-- ', ':', ',', '\n', '\r', ' ', '/*', 'parent', 'author: \u001b', ...HEADER_KEYS),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
      const text = pieces.join('')
      const { header: read, bodyStart } = parseHeader(text)
      t.true(bodyStart <= text.length)
      t.deepEqual(parseHeader(formatHeader(read)).header, read)
    }),
  )
  t.pass()
})

const anyLine = fc.oneof(
  fc.constantFrom(
    '',
    '-- a comment: of words',
    '-- revision: a1',
    '--revision: a1',
    '-- Parents : none',
    '-- message:',
  ),
  line.map(text => `-- message: ${text}`),
  fc.string({ unit: fc.constantFrom('-', ' ', '\t', ':', 'a', 'B', '_', '\u2028', '\u00a0') }),
)

test('where an entry stands does not depend on how lines end', t => {
  fc.assert(
    fc.property(fc.array(anyLine), lines => {
      const entriesOf = (end: string) =>
        parseHeader(lines.map(text => text + end).join('')).entries.map(({ start, end, ...entry }) => entry)
      t.deepEqual(entriesOf('\n'), entriesOf('\r\n'))
    }),
  )
  t.pass()
})
