import test from 'ava'
import { formatTarget, parseRange, parseTarget } from '../../src/graph/target.ts'

const parses = test.macro((t, text: string, lineage: string | undefined, anchor: string, offset: number) => {
  t.deepEqual(parseTarget(text, 'upgrade'), { ...(lineage !== undefined && { lineage }), anchor, offset })
})

test('a symbol', parses, 'heads', undefined, 'heads', 0)
test('a name', parses, 'rel.2_x', undefined, 'rel.2_x', 0)
test('a name within a lineage', parses, 'billing@4f1c', 'billing', '4f1c', 0)
test('a bare count upwards', parses, '+3', undefined, 'current', 3)
test('a bare count downwards', parses, '-1', undefined, 'current', -1)
test('a bare count within a lineage', parses, 'billing@-2', 'billing', 'current', -2)
test('a count from a name', parses, '4f1c+2', undefined, '4f1c', 2)
test('a count from a name within a lineage', parses, 'billing@head-2', 'billing', 'head', -2)
test('a name of digits only', parses, '123456789012', undefined, '123456789012', 0)

const refuses = test.macro((t, text: string, fault: RegExp, suggestion?: string) => {
  const error = t.throws(() => parseTarget(text, 'upgrade'), {
    code: 'BAD_TARGET',
    message: fault,
  }) as unknown as { suggestions: string[] }
  t.is(error.suggestions[0], suggestion ?? 'sqlbraid heads')
})

test('nothing', refuses, '', /is empty/, 'sqlbraid upgrade heads')
test('spaces', refuses, '  ', /is empty/, 'sqlbraid upgrade heads')
test('a comma list', refuses, 'a,b', /separated by spaces/, 'sqlbraid upgrade a b')
test('a space around', refuses, ' head', /space/, 'sqlbraid upgrade head')
test('a range', refuses, 'a:b', /range/, 'sqlbraid upgrade a')
test('git’s tilde', refuses, 'head~2', /git/, 'sqlbraid upgrade head-2')
test('git’s bare tilde', refuses, 'head~', /git/, 'sqlbraid upgrade head-1')
test('git’s carets', refuses, 'head^^', /git/, 'sqlbraid upgrade head-2')
test('a count of nothing', refuses, 'b+0', /counts no revision/, 'sqlbraid upgrade b')
test('a bare count of nothing', refuses, '-0', /counts no revision/, 'sqlbraid upgrade current')
test('a lineage of nothing', refuses, '@head', /nothing before '@'/, 'sqlbraid upgrade head')
test('a lineage and nothing', refuses, 'billing@', /nothing after '@'/, 'sqlbraid upgrade billing@head')
test('text after a count', refuses, 'aaaa1+1zzz', /is not an id/)
test('a line break', refuses, 'a\n', /space/, 'sqlbraid upgrade a')
test('a quote', refuses, "a'; drop", /space/)
test('a letter that ids cannot have', refuses, 'é', /is not an id/)

test('a label cannot be mistaken for a count, because labels hold no minus', t => {
  t.deepEqual(parseTarget('rel-2', 'upgrade'), { anchor: 'rel', offset: -2 })
})

test('current+1 is written as the bare count it is', t => {
  t.is(formatTarget(parseTarget('x@current+1', 'upgrade')), 'x@+1')
})

test('a range has two ends, and each may be open', t => {
  t.deepEqual(parseRange('a:b@head', 'history -r'), {
    lower: { anchor: 'a', offset: 0 },
    upper: { lineage: 'b', anchor: 'head', offset: 0 },
  })
  t.deepEqual(parseRange('-3:current', 'history -r'), {
    lower: { anchor: 'current', offset: -3 },
    upper: { anchor: 'current', offset: 0 },
  })
  t.deepEqual(parseRange('a:', 'history -r'), { lower: { anchor: 'a', offset: 0 } })
  t.deepEqual(parseRange(':', 'history -r'), {})
})

test('one target, or three, are no range', t => {
  for (const text of ['a', 'a:b:c', ''])
    t.throws(() => parseRange(text, 'history -r'), { code: 'BAD_TARGET', message: /not a range/ })
})
