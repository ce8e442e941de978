import test from 'ava'
import { NulCharacterError } from '../../src/errors/script-errors.ts'
import { quoteIdentifier, quoteLiteral } from '../../src/script/literal.ts'

test('a literal doubles its quotes', t => {
  t.is(quoteLiteral("it's"), "'it''s'")
  t.is(quoteLiteral(''), "''")
})

test('a literal with a backslash is an E string set apart from the word before', t => {
  t.is(quoteLiteral("a\\'"), " E'a\\\\'''")
})

test('an identifier is always quoted', t => {
  t.is(quoteIdentifier('a'), '"a"')
  t.is(quoteIdentifier('A "b"; --'), '"A ""b""; --"')
})

test('a NUL is refused', t => {
  t.is(t.throws(() => quoteLiteral('a\0'), { instanceOf: NulCharacterError }).code, 'NUL_CHARACTER')
  t.throws(() => quoteIdentifier('\0'), { instanceOf: NulCharacterError })
})
