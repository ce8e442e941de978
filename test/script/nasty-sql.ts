import fc from 'fast-check'

const text = (...units: readonly string[]) =>
  fc.array(fc.constantFrom(...units), { maxLength: 6 }).map(parts => parts.join(''))

const COMMON = [
  'a',
  ' ',
  ';',
  '--',
  '/*',
  '*/',
  '$$',
  '$a$',
  '$',
  '(',
  ')',
  ':a',
  'é',
  '😀',
  '\n',
  '\r\n',
  '\t',
]

const plainBody = text(...COMMON, "''", '"', '\\')
const escapedBody = text(...COMMON, "''", "\\'", '"', '\\\\', '\\n')
const identifierBody = text(...COMMON, "'", '""', '\\').map(body => `x${body}`)

const tag = fc.constantFrom('', 'a', 'body', '_1', 'é', '😀')
const dollarQuoted = fc
  .tuple(tag, text(...COMMON, "'", '"', '\\', '$b'))
  .filter(([name, body]) => !`${body}$`.includes(`$${name}$`))
  .map(([name, body]) => `$${name}$${body}$${name}$`)

const lineComment = text('a', ' ', ';', "'", '"', '/*', '$$', '(', '\\', '--', 'é😀').map(
  body => `--${body}\n`,
)
const { comment: blockComment } = fc.letrec<{ comment: string }>(tie => ({
  comment: fc
    .array(
      fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('a', ' ; ', " ' ", '"', '--', '\n', '$$', '😀'),
        tie('comment'),
      ),
      {
        maxLength: 4,
      },
    )
    .map(parts => `/*${parts.join('')}*/`),
}))

/** What may stand between any two tokens; never empty. */
const gap = fc.oneof(
  { weight: 5, arbitrary: fc.constant(' ') },
  { weight: 2, arbitrary: fc.constantFrom('\n', '\r\n', '\t', ' \f\v ') },
  { weight: 1, arbitrary: lineComment.map(comment => ` ${comment}`) },
  { weight: 1, arbitrary: blockComment },
)

const plainString = plainBody.map(body => `'${body}'`)
// Without comments in between: PostgreSQL takes them, but libpg-query's patched lexer does not.
const continuedString = fc
  .tuple(fc.constantFrom('', 'e', 'N'), fc.constantFrom('\n', ' \r\n ', '\t\n\n '))
  .map(([prefix, between]) => `${prefix}';'${between}';'''`)

const value = fc.oneof(
  plainString,
  plainString.map(string => `N${string}`),
  escapedBody.map(body => `E'${body}'`),
  fc.constantFrom(
    "B'01'",
    "x'fF'",
    "U&'\\0041;'",
    "u&';' uescape '!'",
    '1',
    '1.5e-3',
    '.5',
    '0x1F',
    '1_0',
    '$1',
  ),
  dollarQuoted,
  continuedString,
  fc.constantFrom('a', 'a$b', 'a$$b', 'é😀', 'schema.a', 'a[1:2]', 'a[b :c]', 'type', 'e', 'u', 'row(a, b)'),
  identifierBody.map(body => `"${body}"`),
)

// None of those that PostgreSQL refuses in a row, as in a = b = c.
const operator = fc.constantFrom('+', '-', '*', '@>', '||', '#>>', '?|', '<->', '%', '^', '@-', '~', '&&')

const { expression } = fc.letrec<{ expression: string }>(tie => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    value,
    fc.tuple(tie('expression'), gap, operator, gap, tie('expression')).map(parts => parts.join('')),
    fc.tuple(tie('expression'), gap).map(([inner, space]) => `(${space}${inner}${space})`),
    fc.tuple(value, fc.constantFrom('::text', ':: int', '::a.b[]')).map(parts => parts.join('')),
    tie('expression').map(inner => `case when true then ${inner} end`),
  ),
}))

const query = fc
  .tuple(gap, expression, gap, fc.option(identifierBody, { nil: undefined }))
  .map(([first, inner, last, alias]) => `select${first}${inner}${alias ? `${last}as "${alias}"` : ''}`)

const body = fc
  .array(fc.tuple(query, gap), { maxLength: 3 })
  .map(queries => queries.flatMap(([sql, space]) => [sql, ';', space]).join(''))

const routine = fc
  .tuple(fc.constantFrom('create', 'CREATE OR/**/REPLACE', 'create\n--;\nor replace'), gap, body)
  .map(
    ([create, space, queries]) =>
      `${create}${space}function f(a int)${space}returns int begin${space}atomic ${queries}end`,
  )

const statement = fc.oneof(
  { weight: 5, arbitrary: query },
  { weight: 2, arbitrary: routine },
  { weight: 1, arbitrary: dollarQuoted.map(code => `do ${code}`) },
  {
    weight: 1,
    arbitrary: fc.tuple(query, query).map(([a, b]) => `create rule r as on insert to t do also (${a}; ${b})`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'begin',
      'END',
      'commit and chain',
      'create table begin (a int)',
      'rollback to a',
    ),
  },
)

/** A script that PostgreSQL can parse, made of what makes its statements hard to tell apart. */
export const nastyScript: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.tuple(gap, fc.option(statement, { nil: '', freq: 6 }), gap), { maxLength: 5 }),
    fc.constantFrom('', ';', '; '),
  )
  .map(([parts, end]) => parts.map(([before, sql, after]) => before + sql + after).join(';') + end)

/** Any text out of the characters that mean something to the lexer. */
export const characterSoup: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ...COMMON,
      "'",
      '"',
      '\\',
      'E',
      'U&',
      ':',
      '::',
      '1',
      '.',
      'begin',
      'end',
      'create function',
      '\\.\n',
    ),
    { maxLength: 40 },
  )
  .map(parts => parts.join(''))
