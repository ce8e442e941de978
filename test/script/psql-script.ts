import fc from 'fast-check'
import { condition, echo, include, NEWLINE, name, outsideBranches, statement } from './psql-statements.ts'

/** Values that are written into the SQL as they are: `:d`. */
const plainValue = fc.constantFrom(
  '1',
  "'1 + 1'",
  "'2; select 3'",
  "':d'",
  ':d',
  '\':"d"\'',
  "'nobody'",
  "':statement'",
)

const unsafeValue = fc.constantFrom(
  "it's",
  'back\\slash',
  '$$',
  '"q"',
  ';',
  '😀é',
  "''",
  '',
  ' ',
  ':a',
  '--',
  '/*',
)

/** How a value is written as an argument of \set; what is between single quotes is escaped one way or another. */
const argument = fc.oneof(
  fc.constantFrom(
    'x',
    '1',
    'a;',
    'x;;',
    "'x'';'",
    NEWLINE.argument,
    "'\\101\\x42\\8\\q'",
    "'\\303\\251'",
    '"a b"',
    '::',
    ':',
    ':=',
    ':{?',
    "a'b c'd",
    "''",
    "' :a :b '",
    '$$',
  ),
  name.map(variable => `:${variable}`),
  name.map(variable => `:'${variable}'`),
  name.map(variable => `:"${variable}"`),
  name.map(variable => `:{?${variable}}`),
  unsafeValue.map(value => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`),
)

const set = fc
  .tuple(name, fc.array(argument, { maxLength: 3 }), fc.constantFrom(' ', '  ', '\t'))
  .map(([variable, values, space]) => `\\set${space}${[variable, ...values].join(space)}`)

const setPlain = fc.oneof(
  plainValue.map(value => `\\set d ${value}`),
  fc.constantFrom('\\set 2 3', '\\unset 2'),
)

const unset = name.map(variable => `\\unset ${variable}`)

const { lines } = fc.letrec<{ lines: string }>(tie => ({
  lines: fc
    .array(
      fc.oneof(
        { maxDepth: 3 },
        { weight: 5, arbitrary: statement },
        { weight: 4, arbitrary: fc.oneof(set, setPlain) },
        { weight: 2, arbitrary: include },
        { weight: 1, arbitrary: unset },
        { weight: 1, arbitrary: echo },
        { weight: 2, arbitrary: branches(tie('lines')) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            "select 'x'\n\\if false\n, :a ( \\set b no\n\\connect nowhere\n\\i nothing.sql\n\\else\n, 'y'\n\\endif\n;",
          ),
        },
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map(parts => parts.join('\n')),
}))

function branches(inner: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(condition, inner, condition, inner, inner)
    .map(
      ([first, then, second, otherwise, last]) =>
        `\\if ${first}\n${then}\n\\elif ${second}\n${otherwise}\n\\else\n${last}\n\\endif`,
    )
}

const START = "\\set statement 'select 41; select ''\\\\n'';'\n\\set quote 'select ''o'\n\\set d 1\n"

/** A script in psql's language. It may be wrong as SQL, but psql has nothing to say against it. */
export const psqlScript: fc.Arbitrary<string> = fc
  .tuple(fc.array(set, { maxLength: 4 }), lines, fc.option(outsideBranches, { nil: '' }), lines)
  .map(([sets, ...texts]) => `${START}${[...sets, ...texts].join('\n')}\n`)
