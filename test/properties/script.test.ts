import test from 'ava'
import fc from 'fast-check'
import { ScriptError, UnclosedError } from '../../src/errors/script-errors.ts'
import { afterPlainTokens, nextToken, type Token } from '../../src/script/lexer.ts'
import { quoteIdentifier, quoteLiteral } from '../../src/script/literal.ts'
import { locate, type Pieces, wholeSource } from '../../src/script/pieces.ts'
import { lineAndColumn, offsetOfPosition } from '../../src/script/position.ts'
import { type Statement, splitStatements } from '../../src/script/statements.ts'
import { characterSoup, nastyScript } from '../script/nasty-sql.ts'
import { identifierName, literalValue, parsedExtents } from '../script/real-parser.ts'

const RUNS = { numRuns: 500, errorWithCause: true }

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  for (let offset = 0; offset < text.length; offset = tokens.at(-1)?.end ?? text.length) {
    tokens.push(nextToken(text, offset))
  }
  return tokens
}

/** What `work` gives, or undefined when the script is refused. */
function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof ScriptError) return undefined
    throw error
  }
}

/** The stretches of a script that belong to no statement. */
function gapsOf(script: string, statements: readonly Statement[]): readonly string[] {
  const starts = [...statements.map(({ start }) => start), script.length]
  const ends = [0, ...statements.map(({ end }) => end)]
  return ends.map((end, index) => script.slice(end, starts[index]))
}

test("scripts are cut where PostgreSQL's parser cuts them", t => {
  fc.assert(
    fc.property(nastyScript, script => {
      const extents = splitStatements(script).map(({ start, end }) => ({ start, end }))
      t.deepEqual(extents, script.trim() === '' ? [] : parsedExtents(script), script)
    }),
    RUNS,
  )
})

test('what is passed over are whole words, numbers, symbols and spaces', t => {
  const seen = { passed: 0 }
  fc.assert(
    fc.property(fc.oneof(nastyScript, characterSoup, numberSoup), script => {
      const tokens = unlessRefused(() => tokensOf(script)) ?? []
      for (const [index, { start }] of tokens.entries()) {
        const end = afterPlainTokens(script, start)
        const passed = tokens.slice(index).filter(token => token.start < end)
        t.is(passed.at(-1)?.end ?? start, end, script)
        t.deepEqual(
          passed.filter(({ kind }) => !PLAIN_KINDS.includes(kind)),
          [],
          script,
        )
        seen.passed += passed.length
      }
    }),
    RUNS,
  )
  t.true(seen.passed > 1000)
})

const PLAIN_KINDS: readonly string[] = ['space', 'word', 'number', 'symbol']

/** Where numbers end is the hardest to tell. */
const numberSoup = fc
  .array(fc.constantFrom('1', '.', 'e', 'E', "'", '+', '-', '_', 'x', '$', '&', 'U', ' ', '"', '\u00a0'))
  .map(characters => characters.join(''))

test('statements and the gaps between them join back to the script', t => {
  fc.assert(
    fc.property(fc.oneof(nastyScript, characterSoup), script => {
      const statements = unlessRefused(() => splitStatements(script)) ?? []
      const gaps = gapsOf(script, statements)
      t.is(gaps.map((gap, index) => gap + (statements[index]?.text ?? '')).join(''), script)
    }),
    RUNS,
  )
})

test('nothing but space, comments and semicolons is left out', t => {
  fc.assert(
    fc.property(nastyScript, script => {
      const kinds = gapsOf(script, splitStatements(script))
        .flatMap(tokensOf)
        .map(({ kind }) => kind)
      t.deepEqual(
        kinds.filter(kind => !['space', 'comment', 'semicolon'].includes(kind)),
        [],
      )
    }),
    RUNS,
  )
})

test('a statement cut out of a script is one statement by itself', t => {
  fc.assert(
    fc.property(nastyScript, script => {
      for (const { text, words } of splitStatements(script)) {
        t.deepEqual(splitStatements(text), [{ text, start: 0, end: text.length, words }])
      }
    }),
    RUNS,
  )
})

test('tokens follow each other without gaps, whatever the text', t => {
  fc.assert(
    fc.property(fc.oneof(characterSoup, fc.string({ unit: 'binary' })), text => {
      const tokens = unlessRefused(() => tokensOf(text)) ?? []
      t.true(tokens.every(({ start, end }) => start < end))
      t.true(tokens.every(({ start }, index) => start === (tokens[index - 1]?.end ?? 0)))
    }),
    RUNS,
  )
})

test('a text is refused at the place where something was opened', t => {
  fc.assert(
    fc.property(characterSoup, text => {
      try {
        tokensOf(text)
      } catch (error) {
        if (!(error instanceof UnclosedError)) throw error
        t.notThrows(() => tokensOf(text.slice(0, error.offset)))
        t.regex(text.slice(error.offset), /^(?:['"]|[EeNnBbXx]'|[Uu]&['"]|\$|\/\*)/)
      }
    }),
    RUNS,
  )
})

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom("'", '"', '\\', "\\'", ';', '\n', 'a', '😀')).map(parts => parts.join('')),
)
const storable = value.map(text => text.replaceAll('\0', ''))

test('PostgreSQL reads a quoted literal as the value it was made of', t => {
  fc.assert(
    fc.property(storable, text => t.is(literalValue(quoteLiteral(text)), text)),
    RUNS,
  )
})

test('PostgreSQL reads a quoted identifier as the name it was made of', t => {
  const name = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 15 })
    .map(text => text.replaceAll('\0', '_'))
  fc.assert(
    fc.property(name, text => t.is(identifierName(quoteIdentifier(text)), text)),
    RUNS,
  )
})

test('a quoted literal is one string whatever standard_conforming_strings says', t => {
  fc.assert(
    fc.property(storable, fc.boolean(), (text, standardConformingStrings) => {
      const literal = quoteLiteral(text).trimStart()
      t.deepEqual(nextToken(literal, 0, { standardConformingStrings }), {
        kind: 'string',
        start: 0,
        end: literal.length,
      })
    }),
    RUNS,
  )
})

const lines = fc.array(fc.constantFrom('a', '\t', '\n', '\r\n', 'é', '😀', '日')).map(parts => parts.join(''))

test("PostgreSQL's position is the offset of that character", t => {
  fc.assert(
    fc.property(lines, text => {
      const characters = [...text]
      const offsets = characters.map((_, index) => characters.slice(0, index).join('').length)
      t.deepEqual(
        characters.map((_, index) => offsetOfPosition(text, index + 1)),
        offsets,
      )
    }),
    RUNS,
  )
})

test('line and column lead back to the offset', t => {
  fc.assert(
    fc.property(lines, fc.nat(), (text, seed) => {
      const offset = offsetOfPosition(text, (seed % ([...text].length + 1)) + 1)
      const { line, column, lineText } = lineAndColumn(text, offset)
      const before = text.split('\n').slice(0, line - 1)
      const ofLine = [...(text.split('\n')[line - 1] ?? '')]
      t.is(lineText, ofLine.join('').replace(/\r$/, ''))
      t.is([...before, ofLine.slice(0, column - 1).join('')].join('\n').length, offset)
    }),
    RUNS,
  )
})

test('a file cut into pieces is located as the whole file', t => {
  fc.assert(
    fc.property(lines, fc.nat(), fc.nat(), (text, first, second) => {
      const source = { file: 'a.up.sql', text }
      const cut = first % (text.length + 1)
      const pieces: Pieces = [
        { source, sourceStart: 0, sourceEnd: cut, start: 0, end: cut },
        { source, sourceStart: cut, sourceEnd: text.length, start: cut, end: text.length },
      ]
      const offset = second % (text.length + 1)
      t.deepEqual(locate(pieces, offset), locate(wholeSource(source), offset))
    }),
    RUNS,
  )
})
